import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLogger, Shutdown } from '#gatehouse/platform';
import { checkMode } from '../../../apps/start/src/check-mode.js';
import { modes } from '../../../apps/start/src/modes.js';
import { fillGround, openGround } from '../../../apps/start/src/prepare-round.js';
import { Progress } from '../../../apps/start/src/progress.js';
import { conclude } from '../../../apps/start/src/run-once.js';
import { Trouble } from '../../../apps/start/src/trouble.js';
import { databaseTemplate, temporaryDirectory } from '../../support/embedded-database.js';
import { killStarted, start } from './child.js';

const paper = () => {
  let text = '';
  return { write: (more: string) => (text += more), text: () => text };
};

describe('npm start -- --once', () => {
  afterEach(killStarted);

  it('walks every mode from the credential to the mail, says so in JSON, and leaves nothing behind', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory.path, 'out.json');
    const child = start(['--once', '--json', file], { TMPDIR: directory.path });
    expect([await child.exit, child.output()]).toEqual([0, expect.stringContaining('Every mode works.')]);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      ok: true,
      rows: modes.map(({ mode, source }) => ({
        mode,
        source,
        todosFound: 6,
        mailsArrived: 3,
        secondRunMails: 0,
        seconds: expect.any(Number),
        ok: true,
      })),
    });
    expect(readdirSync(directory.path)).toEqual(['out.json']);
    await directory.remove();
  }, 120_000);

  it('fails a mode whose mails do not arrive, with exit 1 and the reason', async () => {
    const directory = await temporaryDirectory();
    const logOf = (app: string) => createLogger(app, 'silent');
    const shutdown = new Shutdown(logOf('start'));
    const parts = {
      environment: {},
      progress: new Progress(paper()),
      trouble: new Trouble(() => undefined),
      logOf,
      shutdown,
      template: await databaseTemplate(),
    };
    const ground = await openGround({ ...parts, dataDir: directory.path });
    await fillGround(ground);
    // Nobody takes mail at this port.
    const row = await checkMode(modes[0]!, { ...ground, places: { ...ground.places, smtpPort: 1 } });
    await shutdown.now();
    expect(row).toMatchObject({ mode: 'jwt/local', todosFound: 6, mailsArrived: 0, ok: false });
    expect(row.error).toContain('no mail arrived for ada@example.com, bruno@example.com, chiyo@example.com');

    const file = join(directory.path, 'out.json');
    const screen = paper();
    expect(await conclude([row], { screen, json: file })).toBe(1);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ ok: false, rows: [{ error: row.error }] });
    expect(screen.text()).toContain('Not every mode works.');
    await directory.remove();
  }, 120_000);

  it('says before the round that its result cannot be written', async () => {
    const child = start(['--once', '--json', join(import.meta.filename, 'out.json')], {});
    expect(await child.exit).toBe(2);
    expect(child.output()).toContain('cannot be written (ENOTDIR)');
  }, 60_000);
});

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { people } from '../../../tools/start/src/identities.js';
import { complaint } from '../../../tools/start/src/once/check-mode.js';
import { modes } from '../../../tools/start/src/once/modes.js';
import { conclude } from '../../../tools/start/src/once/run-once.js';
import { temporaryDirectory } from '../../support/embedded-database.js';
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

  const everybody = people.map(({ email }) => email);
  const good = { todosFound: 6, mailsArrived: 3, secondRunMails: 0 };
  it.each([
    ['nothing', good, everybody, 0, undefined],
    ['no todo found', { ...good, todosFound: 0 }, everybody, 0, 'found no due todos'],
    ['a mail missing', good, everybody.slice(1), 0, `no mail arrived for ${everybody[0] ?? ''}`],
    ['a mail too many', good, [...everybody, 'ada@example.com'], 0, '4 mails arrived for 3 people'],
    ['a mail that failed', good, everybody, 1, '1 mails failed or are held'],
    ['a mail sent twice', { ...good, secondRunMails: 2 }, everybody, 0, 'sent 2 mails again'],
  ])('complains of %s', (_what, counts, recipients, unsent, complained) => {
    expect(complaint(counts, recipients, unsent) ?? 'nothing').toContain(complained ?? 'nothing');
  });

  it('exits 1 when a mode fails, and says why where scripts look', async () => {
    const directory = await temporaryDirectory();
    const json = join(directory.path, 'out.json');
    const row = { mode: 'jwt/local', source: 'jwt', ...good, seconds: 2, ok: false, error: 'no mail' };
    const screen = paper();
    expect(await conclude([row], { screen, json })).toBe(1);
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({ ok: false, rows: [row] });
    expect(screen.text()).toContain('Not every mode works.');
    await directory.remove();
  });
});

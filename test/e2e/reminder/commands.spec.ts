import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startTypeScript } from '../../support/typescript-process.js';
import { startReminderWorld, type ReminderWorld } from './reminder-world.js';
import { hour, todo } from './stand-ins.js';

describe('the reminder command', () => {
  let world: ReminderWorld;

  beforeAll(async () => {
    world = await startReminderWorld();
    // The database is made here, from the cached template: in the command's process it would take seconds.
    const reminder = await world.reminder();
    await reminder.runOnce();
    await reminder.close();
    world.todos.state.todos = [todo('Water the plants', hour)];
  });
  afterAll(() => world.close());

  const start = (args: string[], settings: NodeJS.ProcessEnv = {}) =>
    startTypeScript(join(import.meta.dirname, '../../../apps/reminder-app/src/main.ts'), args, {
      PATH: process.env['PATH'],
      ...world.environment,
      ...settings,
    });

  async function command(args: string[], settings: NodeJS.ProcessEnv = {}) {
    const child = start(args, settings);
    const [output, complaints, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      once(child, 'exit') as Promise<[number]>,
    ]);
    return { output, complaints, code };
  }

  it('explains itself with --help: every command and every setting', async () => {
    const { output, code } = await command(['--help']);

    expect(code).toBe(0);
    for (const word of [
      'once',
      'watch',
      'ledger resolve',
      'REFRESH_TOKEN_FILE',
      'TODO_API_URL',
      'ON_UNKNOWN',
      'SMTP_URL',
    ])
      expect(output).toContain(word);
  });

  it('names everything that is wrong with the environment at once, never a value, and exits 78', async () => {
    const { complaints, code } = await command(['once', '--check-config'], {
      TODO_API_URL: 'ftp://hunter2',
      SMTP_URL: 'http://hunter2',
      REMINDER_SCHEDULE: 'hunter2',
      REFRESH_TOKEN_FILE: '',
      ON_UNKNOWN: 'hunter2',
      MAIL_FROM: 'hunter2',
    });

    expect(code).toBe(78);
    for (const name of [
      'TODO_API_URL',
      'SMTP_URL',
      'REMINDER_SCHEDULE',
      'REFRESH_TOKEN_FILE',
      'ON_UNKNOWN',
      'MAIL_FROM',
    ])
      expect(complaints).toMatch(new RegExp(`^ {2}${name}: .+\\(example: .+\\)$`, 'm'));
    expect(complaints).not.toContain('hunter2');
  });

  it('runs once, says what it did in its last line, and exits 0', async () => {
    const json = await command(['once', '--json']);

    expect(json).toMatchObject({ code: 0, complaints: '' });
    expect(JSON.parse(json.output.trim().split('\n').at(-1)!)).toEqual({
      todosFound: 1,
      mailsSent: 1,
      failed: 0,
      held: 0,
      waiting: 0,
      withoutAddress: 0,
    });
  });

  it('exits 3 with what to do when the refresh token is refused', async () => {
    const file = join(world.directory, 'another-token');
    await writeFile(file, 'revoked', { mode: 0o600 });

    const refused = await command(['once'], { REFRESH_TOKEN_FILE: file });

    expect(refused).toMatchObject({ code: 3, complaints: expect.stringContaining('Dev Center') as string });
  });

  it('asks what to do when it is not told, and exits 2', async () => {
    expect(await command([])).toMatchObject({
      code: 2,
      complaints: 'reminder: Say what to do: once, watch or ledger. --help explains them.\n',
    });
  });

  it('watches until it is told to stop, and meanwhile keeps others out of its directory', async () => {
    const watching = start(['watch'], { LOG_LEVEL: 'info' });
    let log = '';
    await new Promise<void>((resolve) => {
      watching.stdout!.on('data', (chunk: Buffer) => {
        log += chunk.toString();
        if (log.includes('run completed')) resolve();
      });
    });

    expect(await command(['ledger'])).toMatchObject({
      code: 75,
      complaints: expect.stringContaining('DATABASE_URL') as string,
    });
    watching.kill('SIGTERM');
    const [code] = await once(watching, 'exit');
    expect(code).toBe(143);
    expect(log).not.toMatch(/access-\d|refresh-\d/);
    expect(await command(['ledger'])).toMatchObject({ code: 0, output: 'Every planned mail went out.\n' });
  });
});

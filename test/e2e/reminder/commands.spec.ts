import type { ChildProcess } from 'node:child_process';
import { once as event } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Shutdown } from '#gatehouse/platform';
import { ledger } from '../../../apps/reminder-app/src/commands/ledger.command.js';
import { once } from '../../../apps/reminder-app/src/commands/once.command.js';
import { silentLog } from '../../support/embedded-database.js';
import { startTypeScript } from '../../support/typescript-process.js';
import { type ReminderWorld, startReminderWorld } from './reminder-world.js';
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

  /** The command in a process of its own. */
  async function command(args: string[], settings: NodeJS.ProcessEnv = {}) {
    const child = start(args, settings);
    const [output, complaints, [code]] = await Promise.all([
      text(child.stdout!),
      text(child.stderr!),
      event(child, 'exit') as Promise<[number]>,
    ]);
    return { output, complaints, code };
  }

  /** One of the commands within this process, which is quicker; its output and exit code. */
  async function called(what: typeof once, line: string) {
    const shutdown = new Shutdown(silentLog);
    const write = process.stdout.write.bind(process.stdout);
    let output = '';
    process.stdout.write = (chunk: string | Uint8Array) => Boolean((output += String(chunk)));
    try {
      const code = await what(world.config(), { log: silentLog, shutdown, args: line.split(' ').slice(1) });
      return { code, output };
    } finally {
      process.stdout.write = write;
      await shutdown.now();
    }
  }

  it('lists every command, setting and exit code with --help', async () => {
    const { output, code } = await command(['--help']);

    expect(code).toBe(0);
    for (const word of [
      'once --dry-run [--now INSTANT]',
      'watch',
      'serve',
      'ledger resolve',
      'ledger retry',
      '75 data directory in use',
      'REFRESH_TOKEN_FILE',
      'TODO_API_URL',
      'UNSUBSCRIBE_URL',
      'HEARTBEAT_URL',
      'ON_UNKNOWN',
      'SMTP_URL',
    ])
      expect(output).toContain(word);
  });

  it('names every wrong setting together, never a value, and exits 78', async () => {
    const wrong = {
      TODO_API_URL: 'ftp://hunter2',
      SMTP_URL: 'http://hunter2',
      REMINDER_SCHEDULE: 'hunter2',
      REFRESH_TOKEN_FILE: '',
      UNSUBSCRIBE_KEY: 'hunter2',
      HEARTBEAT_URL: 'hunter2',
      ON_UNKNOWN: 'hunter2',
      MAIL_FROM: 'hunter2',
    };
    const { complaints, code } = await command(['once', '--check-config'], wrong);

    expect(code).toBe(78);
    for (const name of Object.keys(wrong))
      expect(complaints).toMatch(new RegExp(`^ {2}${name}: .+\\(example: .+\\)$`, 'm'));
    expect(complaints).not.toContain('hunter2');
  });

  describe('with a file that a run cannot use', () => {
    const nowhere = '/nowhere/file';
    it.each([
      ['REFRESH_TOKEN_FILE', { REFRESH_TOKEN_FILE: nowhere }, 'does not exist\\. Log in'],
      ['API_KEY_FILE', { CREDENTIAL_SOURCE: 'api-key', API_KEY_FILE: nowhere }, 'cannot be read'],
      ['CLIENT_SECRET_FILE', { CLIENT_SECRET_FILE: nowhere }, 'cannot be read'],
      ['SMTP_URL', { SMTP_URL: `folder:${import.meta.filename}/mails` }, 'cannot be written \\(ENOTDIR\\)'],
    ])('refuses %s with 78 at the start and with --check-config', async (name, settings, problem) => {
      const line = new RegExp(`^ {2}${name}: .*${problem}`, 'm');
      for (const args of [['--check-config'], ['watch']]) {
        const { code, complaints } = await command(args, settings);
        expect(complaints).toMatch(line);
        expect(code).toBe(78);
      }
    });

    it('checks the file for the commands that need it only', async () => {
      for (const name of ['serve', 'ledger']) {
        expect(await command([name, '--check-config'], { REFRESH_TOKEN_FILE: nowhere })).toMatchObject({
          code: 0,
        });
      }
    });

    it('notes that the refresh token must be in the shared database if it is in no file', async () => {
      const settings = { REFRESH_TOKEN_FILE: nowhere, DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/d' };
      expect(await command(['once', '--check-config'], settings)).toMatchObject({
        code: 0,
        output: expect.stringMatching(
          /^REFRESH_TOKEN_FILE: \/nowhere\/file does not exist.*unless the database has a token already\.$/m,
        ) as string,
      });
    });
  });

  it('names the commands if none is given, and exits 2', async () => {
    expect(await command([])).toMatchObject({
      code: 2,
      complaints:
        'reminder: A command is required: once, watch, serve, ledger. Try: npm run reminder -- --help\n',
    });
  });

  it('exits 3 and says what to do if the refresh token is refused', async () => {
    const file = join(world.directory, 'another-token');
    await writeFile(file, 'revoked', { mode: 0o600 });

    const refused = await command(['once'], { REFRESH_TOKEN_FILE: file });

    expect(refused).toMatchObject({
      code: 3,
      complaints: expect.stringContaining('Dev Center at http://127.0.0.1:3001') as string,
    });
  });

  describe('once', () => {
    it('shows with --dry-run who would get which mail at an instant', async () => {
      const inAnHour = new Date(Date.now() + hour).toISOString();
      const { output, code } = await called(once, `once --dry-run --now ${inAnHour}`);

      expect(code).toBe(0);
      expect(output).toMatch(
        /^ada@example\.com \(Europe\/London\): .*Water the plants\n {2}\w+ +(today, )?\d\d:\d\d \w+ {2}Water the plants\n\nDry run: 1 mail would be sent; nothing was sent\.\n$/,
      );
    });

    it('runs once, reports it on its last line, and exits 0', async () => {
      const { output, code } = await called(once, 'once --json');

      expect(code).toBe(0);
      expect(JSON.parse(output)).toEqual({
        todosFound: 1,
        mailsSent: 1,
        failed: 0,
        held: 0,
        leased: 0,
        waiting: 0,
        dropped: 0,
        withoutAddress: 0,
        unusableAddress: 0,
      });
    });

    it('refuses another instant without --dry-run: its mails would not be sent when they are due', async () => {
      const inTwoDays = new Date(Date.now() + 48 * hour).toISOString();
      await expect(called(once, `once --now ${inTwoDays}`)).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/^--now INSTANT needs --dry-run\./) as string,
      });
    });

    it.each(['once --dry-run --now tomorrow', 'once --dry', 'once twice'])(
      'exits 2 for "%s"',
      async (line) => {
        await expect(called(once, line)).rejects.toMatchObject({ exitCode: 2 });
      },
    );
  });

  it('watches until it is stopped, serves metrics and page, and refuses other processes its directory', async () => {
    const watching = start(['watch'], { LOG_LEVEL: 'info', METRICS_PORT: '0' });
    try {
      const log = await outputUntil(watching, 'run completed');
      const line = log.split('\n').find((entry) => entry.includes('"watching"')) ?? '';
      const { metrics, unsubscribe } = JSON.parse(line) as { metrics: string; unsubscribe: string };

      const figures = await (await fetch(metrics)).text();
      const names = [
        'mails_sent_total',
        'mails_waiting',
        'mails_unknown',
        'mails_dead',
        'mails_leased',
        'mails_failed',
        'lag_seconds',
      ];
      for (const name of names) expect(figures).toMatch(new RegExp(`^reminder_${name} 0$`, 'm'));
      expect((await fetch(`${unsubscribe}/livez`)).status).toBe(200);
      expect(await command(['ledger'])).toMatchObject({
        code: 75,
        complaints: expect.stringContaining('DATABASE_URL') as string,
      });
      expect(log).not.toMatch(/access-\d|refresh-\d/);
    } finally {
      watching.kill('SIGTERM');
    }
    expect(await event(watching, 'exit')).toEqual([143, null]);
    expect(await called(ledger, 'ledger list')).toEqual({
      code: 0,
      output: 'All planned mails have been sent.\n',
    });
  });

  /** The output so far once it holds `words`. It is read on, or the child would stop at a full pipe. */
  const outputUntil = (child: ChildProcess, words: string) =>
    new Promise<string>((resolve) => {
      let output = '';
      child.stdout!.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes(words)) resolve(output);
      });
    });
});

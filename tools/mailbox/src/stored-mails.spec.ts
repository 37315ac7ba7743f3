import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createTransport } from 'nodemailer';
import { createLogger } from '#gatehouse/platform';
import { temporaryDirectory } from '../../../test/support/embedded-database.js';
import { runTypeScript, startTypeScript } from '../../../test/support/typescript-process.js';
import { maxMessageBytes } from './smtp-catcher.js';
import { type Mailbox, startMailbox } from './start-mailbox.js';

const main = join(import.meta.dirname, 'main.ts');

interface Warning {
  readonly level: string;
  readonly msg: string;
  readonly why?: string;
}

describe('stored mails', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let mailbox: Mailbox | undefined;
  let warnings: Warning[];
  beforeEach(async () => {
    directory = await temporaryDirectory();
    warnings = [];
  });
  afterEach(async () => {
    await mailbox?.close();
    mailbox = undefined;
    await directory.remove();
  });

  const fileOf = (name: string) => join(directory.path, 'mailbox', name);
  const names = () => readdirSync(fileOf('.')).toSorted();
  const log = createLogger('mailbox', 'warn', {
    write: (line: string) => void warnings.push(JSON.parse(line) as Warning),
  });

  async function restart(): Promise<Mailbox> {
    await mailbox?.close();
    mailbox = undefined;
    return (mailbox = await startMailbox({ smtpPort: 0, pagePort: 0, dataDir: directory.path, log }));
  }
  const send = (smtpUrl: string, subject: string, more: object = {}) =>
    createTransport(smtpUrl).sendMail({
      from: 'reminder@example.com',
      to: 'ada@example.com',
      bcc: 'audit@example.com',
      ...{ subject, text: 'Water the plants', ...more },
    });
  const subjects = (of: Mailbox) => of.messages().map(({ subject }) => subject);

  it('remain after a restart, and new ones get new ids', async () => {
    const first = await restart();
    await send(first.smtpUrl, 'Fällig', {
      attachments: [{ filename: 'due.ics', content: 'BEGIN:VCALENDAR' }],
    });
    await send(first.smtpUrl, 'Second');
    const before = first.messages();
    const second = await restart();
    expect(second.messages()).toEqual(before);
    await send(second.smtpUrl, 'Third');
    expect(second.messages().map(({ id, subject }) => [id, subject])).toEqual([
      ['3', 'Third'],
      ['2', 'Second'],
      ['1', 'Fällig'],
    ]);
  });

  it('are one file each, which mail programs can open and only its owner can read', async () => {
    const { smtpUrl } = await restart();
    await send(smtpUrl, 'Due today');
    expect(names()).toEqual(['1.eml']);
    expect(readFileSync(fileOf('1.eml'), 'utf8')).toMatch(/^X-Mailbox: \{.*\}\r\n[A-Z][\w-]+: /);
    expect([fileOf('.'), fileOf('1.eml')].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
  });

  it.each([
    ['cut short', (whole: Buffer) => whole.subarray(0, whole.length - 20)],
    ['cut short in its first line', (whole: Buffer) => whole.subarray(0, 30)],
    ['empty', () => Buffer.alloc(0)],
    ['changed', (whole: Buffer) => Buffer.from(whole.toString().replace('plants', 'planes'))],
    ['no mail of the mailbox', () => Buffer.from('Subject: x\r\n\r\nsomething else')],
    ['of another form', (whole: Buffer) => Buffer.from(whole.toString().replace('"to":', '"two":'))],
  ])('are loaded without the one whose file is damaged: %s', async (_damage, damaged) => {
    const { smtpUrl } = await restart();
    for (const subject of ['First', 'Second', 'Third']) await send(smtpUrl, subject);
    writeFileSync(fileOf('3.eml'), damaged(readFileSync(fileOf('3.eml'))));
    const again = await restart();
    expect(subjects(again)).toEqual(['Second', 'First']);
    expect(warnings).toMatchObject([
      {
        level: 'warn',
        msg: expect.stringMatching(/3\.eml is damaged and is not shown: delete it/) as string,
      },
    ]);
    // A person may still need the damaged file: no new mail replaces it.
    await send(again.smtpUrl, 'Fourth');
    expect(names()).toEqual(['1.eml', '2.eml', '3.eml', '4.eml']);
  });

  it('do not affect other files, and partial files of a killed process are deleted', async () => {
    mkdirSync(fileOf('7.eml'), { recursive: true });
    writeFileSync(fileOf('notes.txt'), 'mine');
    writeFileSync(fileOf('2.eml.new'), 'mine');
    writeFileSync(fileOf('2.eml.0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e.new'), 'half');
    const { smtpUrl } = await restart();
    expect(names()).toEqual(['2.eml.new', '7.eml', 'notes.txt']);
    expect(warnings.map(({ msg }) => msg)).toEqual([expect.stringContaining('7.eml is damaged')]);
    await send(smtpUrl, 'Next');
    expect(names()).toContain('8.eml');
  });

  it('are the newest 500 at most', async () => {
    const { smtpUrl } = await restart();
    await send(smtpUrl, 'Due today');
    const whole = readFileSync(fileOf('1.eml'));
    for (let id = 2; id <= 505; id += 1) writeFileSync(fileOf(`${id}.eml`), whole);
    const again = await restart();
    expect([again.messages().length, again.messages().at(-1)?.id]).toEqual([500, '6']);
    await send(again.smtpUrl, 'One more');
    expect([names().length, existsSync(fileOf('6.eml')), existsSync(fileOf('506.eml'))]).toEqual([
      500,
      false,
      true,
    ]);
  });

  it('belong to one mailbox at a time: a second one exits with 75 and a remedy', async () => {
    await restart();
    const second = startMailbox({ smtpPort: 0, pagePort: 0, dataDir: directory.path, log });
    await expect(second).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringMatching(/in use by process \d+: stop .* another DATA_DIR/) as string,
    });
  });

  it('need a directory: --check-config and the start refuse a file in its place', async () => {
    writeFileSync(join(directory.path, 'file'), '');
    const env = { DATA_DIR: join(directory.path, 'file'), SMTP_PORT: '0', MAILBOX_PORT: '0' };
    for (const args of [['--check-config'], []]) {
      const { exitCode, stderr } = await runTypeScript(main, args, env);
      expect([exitCode, stderr]).toEqual([
        78,
        expect.stringMatching(/DATA_DIR: .* part of the path is a file/),
      ]);
    }
  });

  it('need two ports: --check-config refuses the same one twice, and makes nothing', async () => {
    const env = { DATA_DIR: join(directory.path, 'new'), SMTP_PORT: '1025', MAILBOX_PORT: '1025' };
    const { exitCode, stderr } = await runTypeScript(main, ['--check-config'], env);
    expect([exitCode, stderr]).toEqual([78, expect.stringContaining('MAILBOX_PORT: must not be the same')]);
    expect(existsSync(env.DATA_DIR)).toBe(false);
  });

  it('lose only the mail that is being written when the process is killed', async () => {
    const { smtpUrl } = await restart();
    await send(smtpUrl, 'First');
    await mailbox?.close();
    mailbox = undefined;
    // The system aborts or fails a write beyond a megabyte.
    const limited = ['sh', '-c', 'ulimit -f 2048; exec "$@"', 'sh'];
    const env = { SMTP_PORT: '0', MAILBOX_PORT: '0', DATA_DIR: directory.path };
    const child = startTypeScript(main, [], env, limited);
    const lines = createInterface(child.stdout!);
    const line = async (words: string) => {
      for (;;) {
        const [text] = (await once(lines, 'line')) as [string];
        if (text.includes(words)) return text;
      }
    };
    const { smtp } = JSON.parse(await line('the mailbox listens')) as { smtp: string };
    const complaint = line('a mail could not be stored; its sender may try again');
    await expect(send(smtp, 'Large', { text: 'x\n'.repeat(maxMessageBytes / 4) })).rejects.toMatchObject({
      responseCode: 450,
    });
    // Written in the background, so it may be later than the answer.
    await complaint;
    child.kill('SIGKILL');
    await once(child, 'close');
    const again = await restart();
    expect([subjects(again), warnings, names()]).toEqual([['First'], [], ['1.eml']]);
  });
});

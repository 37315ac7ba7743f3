import { once } from 'node:events';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { type Child, killStarted, start } from './child.js';
import { preparedData } from './prepared-data.js';
import { runPrintedCommand } from './printed-command.js';
import { authStrategy, blocksOf, readmeShell } from './readme-walk.js';

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
}

/** Reads the addresses in the banner, as a newcomer does. */
async function addressesOf(child: Child) {
  const [banner] = await child.said(/Gatehouse is running[^]*Ctrl-C stops everything/);
  const after = (name: string) => new RegExp(`${name} +(\\S+)`).exec(banner)?.[1] ?? '';
  return {
    ...{ banner, mailbox: after('Mailbox'), metrics: after('Metrics') },
    ...{ todoApi: after('Todo API'), sandbox: after('Sandbox') },
  };
}

const mailsAt = async (mailbox: string): Promise<Mail[]> =>
  (await (await fetch(`${mailbox}/api/mails`)).json()) as Mail[];

async function untilMails(mailbox: string, count: number): Promise<Mail[]> {
  for (;;) {
    const mails = await mailsAt(mailbox);
    if (mails.length >= count) return mails;
    await delay(50);
  }
}

/** How many runs of the Reminder App the log knows. */
const runsIn = (dataDir: string): number =>
  readFileSync(`${dataDir}/start/start.log`, 'utf8').split('run completed').length - 1;

async function untilRuns(dataDir: string, more: number, before: number): Promise<void> {
  while (runsIn(dataDir) < before + more) await delay(50);
}

/** Pastes the printed command and waits for the mail that the banner promises. */
async function tryItOut({ banner, mailbox }: Awaited<ReturnType<typeof addressesOf>>): Promise<void> {
  const before = (await mailsAt(mailbox)).length;
  const created = await runPrintedCommand(banner);
  expect([created.status, await created.json()]).toEqual([
    201,
    expect.objectContaining({ owner: expect.objectContaining({ email: 'ada@example.com' }) as unknown }),
  ]);
  const [newest] = await untilMails(mailbox, before + 1);
  expect(newest).toMatchObject({
    to: ['ada@example.com'],
    subject: expect.stringContaining('Buy oat milk') as unknown,
  });
}

/** A newcomer makes a credential of each kind by copying what docs/credentials.md says. */
async function walkTheReadme(dataDir: string, at: Awaited<ReturnType<typeof addressesOf>>): Promise<void> {
  const addresses = { 'http://127.0.0.1:3000': at.todoApi, 'http://127.0.0.1:9011': at.sandbox };
  const shell = await readmeShell({ dataDir, addresses });
  const blocks = blocksOf('How do I get a credential?');
  const [last = '', ...others] = blocks.toReversed();
  const answers = [];
  for (const block of others.toReversed()) {
    const written = await shell.paste(block);
    const [answer] = /^\{.*\}$/m.exec(written) ?? [];
    if (answer) answers.push(JSON.parse(answer) as { via: string; owner: object });
    if (block.includes('grant_type=refresh_token')) await refreshAgain(shell, block, dataDir);
  }
  expect(answers.map(({ via }) => via)).toEqual(['api-key', 'email-token', 'jwt', 'jwt']);
  expect(new Set(answers.map(({ owner }) => JSON.stringify(owner))).size).toBe(1);
  const written = await shell.paste(last);
  expect(written).toMatch(/my-app .* client-credentials +active/);
  expect(written).toMatch(/API_KEY_FILE=.*next-key/);
  expect(written).toMatch(/issued here: .* of my-app .*, retiring[^]*Nothing is wrong/);
  await shell.remove();
}

/** The recipe works every time because it keeps the token of each answer; and a refusal loses nothing. */
async function refreshAgain(
  shell: Awaited<ReturnType<typeof readmeShell>>,
  block: string,
  dataDir: string,
): Promise<void> {
  const token = () => readFileSync(`${dataDir}/my-app.refresh`, 'utf8').trim();
  const spent = token();
  expect(await shell.paste(block)).toContain('"via":"jwt"');
  const kept = token();
  expect([kept.length > 20, kept === spent]).toEqual([true, false]);
  await expect(shell.paste(block.replace('grant_type=refresh_token', 'grant_type=none'))).rejects.toThrow(
    'returned error: 400',
  );
  expect(token()).toBe(kept);
  expect(statSync(`${dataDir}/my-app.answer`).mode & 0o777).toBe(0o600);
}

const everySecond = { REMINDER_SCHEDULE: '* * * * * *' };

describe('npm start', () => {
  afterEach(killStarted);

  it('mails what is due, mails a new todo immediately, and nothing twice, not even after it was killed and guards by e-mail and token', async () => {
    const directory = await preparedData();
    const variables = { DATA_DIR: directory.path, ...everySecond };
    const first = start([], { ...variables, AUTH_STRATEGY: authStrategy });
    const at = await addressesOf(first);
    const recipients = (await untilMails(at.mailbox, 3)).map(({ to }) => to[0]);
    expect(recipients.toSorted()).toEqual(['ada@example.com', 'bruno@example.com', 'chiyo@example.com']);
    await tryItOut(at);
    expect((await fetch(at.metrics)).status).toBe(200);
    await walkTheReadme(directory.path, at);
    const kept = ['api-key', 'email-token'].map((kind) => `${directory.path}/start/${kind}/ada`);
    const saved = kept.map((path) => readFileSync(path, 'utf8'));

    const second = start([], variables);
    expect(await second.exit).toBe(75);
    expect(second.output()).toContain(`is in use by process ${first.pid}`);

    const mailsBefore = await mailsAt(at.mailbox);
    first.kill('SIGKILL');
    await first.exit;
    const runsBefore = runsIn(directory.path);
    const stale = `${directory.path}/start/email-token/chiyo`;
    writeFileSync(stale, 'nobody@example.com:opens-nothing');
    const third = start([], { ...variables, AUTH_STRATEGY: 'email-token' });
    const again = await addressesOf(third);
    await untilRuns(directory.path, 2, runsBefore);
    expect(await mailsAt(again.mailbox)).toEqual(mailsBefore);
    await tryItOut(again);
    const file = `${/email-token +(\S+)/.exec(again.banner)?.[1] ?? ''}ada`;
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(third.output()).not.toContain(readFileSync(file, 'utf8').trim());
    // What somebody saved before the restart still works.
    expect(kept.map((path) => readFileSync(path, 'utf8'))).toEqual(saved);
    // What opens nothing any more is replaced.
    expect(readFileSync(stale, 'utf8')).not.toContain('opens-nothing');
    third.kill('SIGTERM');
    expect(await third.exit).toBe(143);
    expect(third.output()).toContain('Stopped.');
    await directory.remove();
  }, 240_000);

  it('names every variable whose port is taken, and the settings that are wrong, before it starts anything', async () => {
    const directory = await temporaryDirectory();
    const holders = [createServer(), createServer()].map((holder) => holder.listen(0, '127.0.0.1'));
    await Promise.all(holders.map((holder) => once(holder, 'listening')));
    const [mailbox = '', smtp = ''] = holders.map((holder) => String((holder.address() as AddressInfo).port));
    const variables = { DATA_DIR: directory.path };
    const refused = start([], { MAILBOX_PORT: mailbox, SMTP_PORT: smtp, ...variables });
    const wrong = start([], { AUTH_STRATEGY: 'magic', REMINDER_SCHEDULE: 'sometimes', ...variables });
    expect([await refused.exit, await wrong.exit]).toEqual([4, 78]);
    holders.forEach((holder) => holder.close());
    expect(refused.output()).toMatch(/set MAILBOX_PORT[^]*set SMTP_PORT/);
    expect(wrong.output()).toMatch(/AUTH_STRATEGY[^]*REMINDER_SCHEDULE/);
    expect(readdirSync(directory.path)).toEqual(['start']);
    await directory.remove();
  }, 60_000);
});

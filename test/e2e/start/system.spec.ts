import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { killStarted, start, type Child } from './child.js';

interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
}

/** What a newcomer reads off the banner. */
async function addressesOf(child: Child) {
  const [banner] = await child.said(/Gatehouse is running[^]*Ctrl-C stops everything/);
  const after = (name: string) => new RegExp(`${name} +(\\S+)`).exec(banner)?.[1] ?? '';
  return {
    api: after('Todo API'),
    mailbox: after('Mailbox'),
    metrics: after('Metrics'),
    tokens: after('Tokens'),
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

describe('npm start', () => {
  afterEach(killStarted);

  it('mails what is due, mails a new todo at once, and nothing twice, not even after it was killed', async () => {
    const directory = await temporaryDirectory();
    const variables = { DATA_DIR: directory.path, REMINDER_SCHEDULE: '* * * * * *' };
    const first = start([], variables);
    const at = await addressesOf(first);
    const recipients = (await untilMails(at.mailbox, 3)).map(({ to }) => to[0]);
    expect(recipients.toSorted()).toEqual(['ada@example.com', 'bruno@example.com', 'chiyo@example.com']);

    const headers = {
      authorization: `Bearer ${readFileSync(`${at.tokens}ada`, 'utf8').trim()}`,
      'content-type': 'application/json',
    };
    const todo = { title: 'Buy oat milk', dueAt: new Date(Date.now() + 7_200_000).toISOString() };
    const created = await fetch(`${at.api}/todos`, { method: 'POST', headers, body: JSON.stringify(todo) });
    expect(created.status).toBe(201);
    const [newest] = await untilMails(at.mailbox, 4);
    expect(newest).toMatchObject({
      to: ['ada@example.com'],
      subject: expect.stringContaining('Buy oat milk'),
    });
    expect((await fetch(at.metrics)).status).toBe(200);

    const second = start([], variables);
    expect(await second.exit).toBe(75);
    expect(second.output()).toContain(`is in use by process ${first.pid}`);

    first.kill('SIGKILL');
    await first.exit;
    const runsBefore = runsIn(directory.path);
    const third = start([], variables);
    const again = await addressesOf(third);
    await untilRuns(directory.path, 2, runsBefore);
    expect(await mailsAt(again.mailbox)).toEqual([]);
    third.kill('SIGTERM');
    expect(await third.exit).toBe(143);
    expect(third.output()).toContain('Stopped.');
    await directory.remove();
  }, 120_000);

  it('names every variable whose port is taken, and the settings that are wrong, before it starts anything', async () => {
    const directory = await temporaryDirectory();
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const taken = String((holder.address() as AddressInfo).port);
    const variables = { DATA_DIR: directory.path };
    const refused = start([], { MAILBOX_PORT: taken, SMTP_PORT: taken, ...variables });
    const wrong = start([], { AUTH_STRATEGY: 'magic', REMINDER_SCHEDULE: 'sometimes', ...variables });
    const unwalked = start([], { JWT_VALIDATION: 'introspection', ...variables });
    expect([await refused.exit, await wrong.exit, await unwalked.exit]).toEqual([4, 78, 78]);
    holder.close();
    expect(refused.output()).toMatch(/set MAILBOX_PORT[^]*set SMTP_PORT/);
    expect(wrong.output()).toMatch(/AUTH_STRATEGY[^]*REMINDER_SCHEDULE/);
    expect(unwalked.output()).toContain('has no credential for jwt/introspection; it has for jwt/local');
    expect(readdirSync(directory.path)).toEqual(['start']);
    await directory.remove();
  }, 60_000);
});

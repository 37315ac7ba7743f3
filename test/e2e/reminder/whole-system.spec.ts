import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { walkCodeGrant } from '#gatehouse/fusionauth/control';
import { parseConfig } from '#gatehouse/platform';
import { schemaFor } from '../../../apps/reminder-app/src/config.js';
import { createReminder, type Reminder } from '../../../apps/reminder-app/src/reminder.js';
import { applicationId } from '../../../tools/issuer/src/token-minter.js';
import { type Identity, people } from '../../../tools/start/src/identities.js';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import { reminderClient, startWorld, type World } from '../../support/start-world.js';
import { type FaultySmtp, startSmtp } from './faulty-smtp.js';
import { hour } from './stand-ins.js';

describe('the Reminder between FusionAuth, the Todo API and a mail server', () => {
  let world: World;
  let smtp: FaultySmtp;
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let tokenFile: string;
  let reminder: Reminder;
  let ahead = 0;

  beforeAll(async () => {
    [world, smtp, directory] = await Promise.all([startWorld(), startSmtp(), temporaryDirectory()]);
    tokenFile = join(directory.path, 'refresh-token');
    await logInAtDevCenter();
    reminder = await start();
  });
  afterAll(async () => {
    await reminder.close();
    await smtp.close();
    await world.close();
    await directory.remove();
  });

  /** The operator's only step: logs in as the Reminder's own client, or as another, and saves the refresh token. */
  async function logInAtDevCenter(as: Identity = reminderClient): Promise<void> {
    const { refresh_token: token = '' } = await walkCodeGrant({
      url: world.sandbox.url,
      clientId: applicationId,
      redirectUri: 'http://127.0.0.1:3001/callback',
      loginId: as.email,
      password: world.sandbox.secrets[as.password] ?? '',
    });
    await writeFile(tokenFile, token, { mode: 0o600 });
  }

  async function start(): Promise<Reminder> {
    const environment = {
      NODE_ENV: 'test',
      FUSIONAUTH_URL: world.sandbox.url,
      TODO_API_URL: world.api.url,
      REFRESH_TOKEN_FILE: tokenFile,
      SMTP_URL: smtp.url,
      DATA_DIR: directory.path,
    };
    const config = parseConfig(schemaFor(environment), environment);
    return createReminder(config, {
      log: silentLog,
      template: await databaseTemplate('reminder'),
      clock: () => Date.now() + ahead,
      pause: () => Promise.resolve(),
    });
  }

  async function createTodo(person: string, title: string, dueIn: number): Promise<void> {
    const response = await fetch(`${world.api.url}/todos`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await world.tokenOf(person)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ title, dueAt: new Date(Date.now() + dueIn).toISOString() }),
    });
    expect(response.status).toBe(201);
  }

  /** By the Reminder's clock; the next run must refresh. */
  const accessTokenExpires = () => (ahead += hour);

  const mailsTo = (address: string) => smtp.state.received.filter(({ to }) => to?.[0]?.address === address);

  it("mails each person's due todos, in the person's own time, once", async () => {
    await createTodo('ada', 'Pay the rent', 20 * hour);
    await createTodo('ada', 'Call the bank', 3 * hour);
    await createTodo('chiyo', 'Water the plants', 20 * hour);
    await createTodo('chiyo', 'Renew the passport', 72 * hour);

    expect(await reminder.runOnce()).toMatchObject({ todosFound: 3, mailsSent: 2, withoutAddress: 0 });
    expect(await reminder.runOnce()).toMatchObject({ todosFound: 3, mailsSent: 0 });

    const [ada] = mailsTo('ada@example.com');
    expect(ada?.text).toMatch(/\* Call the bank\n {2}\d\d:\d\d GMT\n[^]*\* Pay the rent/);
    const [chiyo] = mailsTo('chiyo@example.com');
    expect(chiyo?.text).toContain('Water the plants');
    expect(chiyo?.text).toContain('GMT+9');
    expect(chiyo?.text).not.toContain('Renew the passport');
  });

  it('mails a todo that is due in two hours with the next run, even right after a digest', async () => {
    await reminder.runOnce();
    await createTodo('ada', 'Catch the train', 2 * hour - 1_000);

    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 1 });
    expect(mailsTo('ada@example.com').at(-1)?.subject).toMatch(/^Due (today|tomorrow), .*: Catch the train$/);
  });

  it('keeps its session over a restart, because it stored the rotated refresh token', async () => {
    const before = await readFile(tokenFile, 'utf8');
    await reminder.close();

    reminder = await start();

    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0 });
    expect(await readFile(tokenFile, 'utf8')).not.toBe(before);
  });

  it('gives up with exit code 4 while FusionAuth is down, and works when it is back', async () => {
    accessTokenExpires();
    world.sandbox.faults.set('POST /oauth2/token', { status: 503 });

    await expect(reminder.runOnce()).rejects.toMatchObject({ exitCode: 4, kind: 'unavailable' });
    world.sandbox.faults.clear();

    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0 });
  });

  it('does not lose its session if the answer with the rotated token is lost', async () => {
    accessTokenExpires();
    const before = await readFile(tokenFile, 'utf8');
    world.sandbox.faults.set('POST /oauth2/token', { answer: 'lost', times: 3 });

    await expect(reminder.runOnce()).rejects.toMatchObject({ exitCode: 4, kind: 'unavailable' });
    expect(await readFile(tokenFile, 'utf8')).toBe(before);

    // FusionAuth accepts the spent token for another minute, and gives the same successor.
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0 });
    expect(await readFile(tokenFile, 'utf8')).not.toBe(before);
  });

  it("stops with exit code 3, instead of finding nothing, with a credential that can read only its owner's todos", async () => {
    await reminder.close();
    const ours = await readFile(tokenFile, 'utf8');
    await logInAtDevCenter(people[0]);
    reminder = await start();

    await expect(reminder.runOnce()).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining("may not read everyone's todos") as string,
    });

    await reminder.close();
    await writeFile(tokenFile, ours);
    reminder = await start();
    expect(await reminder.runOnce()).toMatchObject({ mailsSent: 0 });
  });

  it('stops with exit code 3 and names the Dev Center once its account is locked', async () => {
    accessTokenExpires();
    const manage = (path: string, method: string) =>
      fetch(`${world.sandbox.url}/api/user${path}`, {
        method,
        headers: { authorization: world.sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? '' },
      });
    const found = await manage(`?email=${encodeURIComponent(reminderClient.email)}`, 'GET');
    const { user } = (await found.json()) as { user: { id: string } };
    expect((await manage(`/${user.id}`, 'DELETE')).status).toBe(200);

    await expect(reminder.runOnce()).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('Dev Center') as string,
    });
  });
});

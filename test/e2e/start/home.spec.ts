import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { htmlText } from '../dev-center/portal/html.js';
import { Visitor } from '../dev-center/portal/visitor.js';
import { type Child, killStarted, start } from './child.js';
import { preparedData } from './prepared-data.js';

interface Live {
  readonly active: string;
  readonly state: string;
  readonly requests: string;
}

/** Every secret that npm start has made, by the file that holds it: of people, of clients and of the set-up. */
function secretsIn(dataDir: string): string[] {
  const files = readdirSync(join(dataDir, 'start'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('start.log'))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8').trim());
  const setUp = readFileSync(join(dataDir, 'sandbox', 'secrets.env'), 'utf8')
    .split('\n')
    .map((line) => line.replace(/^[^=]+=/, '').trim());
  // A pair of e-mail and token is looked for by its token alone too.
  return [...files, ...setUp].flatMap((text) => text.split(':')).filter((text) => text.length >= 16);
}

describe('the home page under npm start', () => {
  let directory: Awaited<ReturnType<typeof preparedData>>;
  let child: Child;
  let visitor: Visitor;
  let at: Readonly<Record<'todoApi' | 'mailbox' | 'sandbox' | 'home', string>>;
  beforeAll(async () => {
    directory = await preparedData();
    child = start([], { DATA_DIR: directory.path, REMINDER_SCHEDULE: '* * * * * *' });
    const [banner] = await child.said(/Gatehouse is running[^]*Ctrl-C stops everything/);
    const after = (name: string) => new RegExp(`${name} +(http\\S+)`).exec(banner)?.[1] ?? '';
    at = {
      todoApi: after('Todo API'),
      mailbox: after('Mailbox'),
      sandbox: after('Sandbox'),
      home: after('Dev Center'),
    };
    visitor = new Visitor(at.home);
  }, 120_000);
  afterAll(async () => {
    child.kill('SIGTERM');
    await child.exit;
    killStarted();
    await directory.remove();
  });

  const live = async () => JSON.parse((await visitor.get('/start/live')).body) as Live;
  const field = async (name: string) =>
    new RegExp(`name="${name}" value="([^"]+)"`).exec((await visitor.get('/')).body)?.[1] ?? '';
  const own = () => ({ origin: at.home });
  const send = async (path: string, fields: Record<string, string>) =>
    visitor.send(path, { formToken: await visitor.formToken(), ...fields }, own());

  async function settled(): Promise<Live> {
    for (;;) {
      const now = await live();
      if (!now.state.includes('Switching to')) return now;
      await delay(50);
    }
  }

  async function switchTo(mode: string): Promise<Live> {
    const answer = await send('/start/strategy', { mode });
    expect([answer.status, answer.location]).toEqual([303, '/#try-it']);
    return settled();
  }

  const asAda = (strategy: string) => {
    const text = readFileSync(join(directory.path, 'start', strategy, 'ada'), 'utf8').trim();
    const headers: Record<string, string> =
      strategy === 'jwt' ? { authorization: `Bearer ${text}` } : { 'x-api-key': text };
    return fetch(`${at.todoApi}/me`, { headers });
  };

  const mails = async () =>
    (await fetch(`${at.mailbox}/api/mails`)).json() as Promise<{ subject: string; to: string[] }[]>;

  /** Resolves with the newest mail once there are `count`. */
  async function untilMails(count: number): Promise<{ subject: string; to: string[] } | undefined> {
    for (;;) {
      const all = await mails();
      if (all.length >= count) return all[0];
      await delay(50);
    }
  }

  it.each([
    ['/start/strategy', { mode: 'api-key' }],
    ['/start/todo', { key: 'one' }],
  ])(
    'refuses a form that another page sent, or without its token: %s',
    async (path, fields: Record<string, string>) => {
      const formToken = await visitor.formToken();
      const before = await live();
      const refused = [
        await visitor.send(path, fields, own()),
        await visitor.send(path, { ...fields, formToken: `${formToken}x` }, own()),
        await visitor.send(path, { ...fields, formToken }, { origin: 'https://evil.example' }),
        await visitor.send(path, { ...fields, formToken }, {}),
      ];
      expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
      expect(refused[0]?.text).toContain('Nothing was changed');
      expect(await live()).toMatchObject({ active: before.active, state: before.state });
    },
  );

  it('creates one todo for Ada when its form is sent twice, and her reminder arrives', async () => {
    // The reminders of what the start has made come first.
    await untilMails(3);
    const key = await field('key');
    const [first, second] = await Promise.all([send('/start/todo', { key }), send('/start/todo', { key })]);
    expect([first.status, second.status]).toEqual([303, 303]);
    expect((await live()).state).toContain('“Buy oat milk” is due at');
    const headers = {
      authorization: `Bearer ${readFileSync(join(directory.path, 'start/jwt/ada'), 'utf8').trim()}`,
    };
    const { items } = (await (await fetch(`${at.todoApi}/todos?owner=me`, { headers })).json()) as {
      items: { title: string }[];
    };
    expect(items.filter(({ title }) => title === 'Buy oat milk')).toHaveLength(1);
    expect(await untilMails(4)).toMatchObject({
      to: ['ada@example.com'],
      subject: expect.stringContaining('Buy oat milk') as string,
    });
  }, 60_000);

  it('links the todos of a mail to their page, which works as started and says what keeps it from working otherwise', async () => {
    const [{ id } = { id: 0 }] = (await (await fetch(`${at.mailbox}/api/mails`)).json()) as { id: number }[];
    const { text, html } = (await (await fetch(`${at.mailbox}/api/mails/${id}`)).json()) as Record<
      string,
      string
    >;
    const [, link = ''] = new RegExp(`Done\\? (${at.home}/todos/[0-9a-f-]{36}/done)`).exec(text ?? '') ?? [];
    expect(html).toContain(`href="${link}"`);
    const path = new URL(link).pathname;
    expect((await visitor.get(path)).body).toContain('Is this todo done?');
    const preflight = await fetch(`${at.todoApi}/todos`, {
      method: 'OPTIONS',
      headers: { origin: at.home, 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-origin')).toBe(at.home);
    await switchTo('api-key');
    expect((await visitor.get(path)).text).toContain('its AUTH_STRATEGY must name jwt');
    await switchTo('as-started');
    expect((await visitor.get(path)).body).toContain('Is this todo done?');
  }, 60_000);

  it('switches the strategy there and back, shows the active one, and accepts the credentials of that one', async () => {
    expect((await asAda('jwt')).status).toBe(200);
    expect((await switchTo('jwt/introspection')).state).toContain(
      'AUTH_STRATEGY=jwt JWT_VALIDATION=introspection',
    );
    expect((await asAda('jwt')).status).toBe(200);
    const home = (await visitor.get('/')).body;
    expect(home).toMatch(/<tr class="current">\s*<th scope="row">introspection/);

    expect((await switchTo('api-key')).active).toBe('api-key');
    expect([(await asAda('api-key')).status, (await asAda('jwt')).status]).toEqual([200, 401]);
    const before = (await mails()).length;
    await send('/start/todo', { key: await field('key') });
    // The Reminder App has a credential of the new kind.
    await untilMails(before + 1);

    expect((await switchTo('jwt/local+push')).state).toContain('REVOCATION=push');
    expect((await asAda('jwt')).status).toBe(200);
    expect((await switchTo('as-started')).state).toContain('JWT_VALIDATION=local');
    expect([(await asAda('api-key')).status, (await asAda('jwt')).status]).toEqual([401, 200]);
  }, 120_000);

  it('has one switch at a time: the same again is harmless, everything else is refused until it is done', async () => {
    const formToken = await visitor.formToken();
    const ask = (path: string, fields: Record<string, string>) =>
      visitor.send(path, { formToken, ...fields }, own());
    const [begun, again, other, todo] = await Promise.all([
      ask('/start/strategy', { mode: 'api-key' }),
      ask('/start/strategy', { mode: 'api-key' }),
      ask('/start/strategy', { mode: 'email-token' }),
      ask('/start/todo', { key: 'meanwhile' }),
    ]);
    expect([begun, again, other, todo].map(({ status }) => status)).toEqual([303, 303, 409, 409]);
    expect(other.text).toContain('A switch is under way');
    expect((await live()).state).toContain('Switching to');
    expect((await settled()).active).toBe('api-key');
    expect((await ask('/start/strategy', { mode: 'magic' })).status).toBe(400);
    expect((await switchTo('as-started')).active).toBe('as-started');
  }, 60_000);

  it('draws which answers came from FusionAuth and which from the cache', async () => {
    await switchTo('jwt/introspection');
    const text = async () => htmlText((await live()).requests);
    await asAda('jwt');
    expect(await text()).toMatch(
      /GET \/me, an access token of user ….{4} .*known\? .*No .*Checks signature.*Is the token active\? POST \/oauth2\/introspect .*200 [\d.]+ ms .*Todo API to Client: 200 [\d.]+ ms/,
    );
    await asAda('jwt');
    expect(await text()).toMatch(/^GET \/me: 200 .{0,40}FusionAuth was not called.*Yes, accepted before/);
    await fetch(`${at.todoApi}/todos/01a20116-91a2-75be-ad2a-92ef93d57ed5?access_token=sesame`);
    expect(await text()).toMatch(/^GET \/todos\/…7ed5: 400 /);
    await switchTo('as-started');
  }, 60_000);

  it('draws that two simultaneous requests share one call, and that a token is looked up among the revocations', async () => {
    await switchTo('jwt/introspection');
    // The Reminder App calls too.
    const drawings = async () => {
      const drawn = (await live()).requests.split('<details').map(htmlText);
      return drawn.filter((text) => text.includes('GET /me:')).slice(0, 2);
    };
    const slow = { operation: 'POST /oauth2/introspect', delayMs: 500 };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${at.sandbox}/_sandbox/faults`, { method: 'POST', headers, body: JSON.stringify(slow) });
    expect((await Promise.all([asAda('jwt'), asAda('jwt')])).map(({ status }) => status)).toEqual([200, 200]);
    await fetch(`${at.sandbox}/_sandbox/faults`, { method: 'DELETE' });
    const pair = await drawings();
    expect(pair).toHaveLength(2);
    expect(pair.join()).toMatch(/1 call to FusionAuth.*known\? .*No .*POST \/oauth2\/introspect/);
    expect(pair.join()).toMatch(
      /waited for the verdict on another request.*known\? .*being verified for another request/,
    );
    expect(pair.join()).not.toContain('accepted before');

    await switchTo('jwt/local+push');
    await asAda('jwt');
    await asAda('jwt');
    const [known, fresh] = await drawings();
    expect(fresh).toMatch(/known\? .*No .*Checks signature.*Is it among the revocations\? .*No /);
    expect(known).toMatch(/Yes, accepted before.*Is it among the revocations\? .*No /);
    await switchTo('as-started');
  }, 60_000);

  it('shows no secret: no token, no key, nothing of the set-up', async () => {
    for (const mode of ['api-key', 'email-token', 'as-started']) {
      await switchTo(mode);
      await send('/start/todo', { key: `secret-${mode}` });
      const secrets = secretsIn(directory.path);
      expect(secrets.length).toBeGreaterThan(10);
      const shown = (await visitor.get('/')).body + (await visitor.get('/start/live')).body;
      expect(shown).toContain('data-request');
      for (const secret of secrets) expect(shown.includes(secret)).toBe(false);
    }
    expect(statSync(join(directory.path, 'start', 'email-token', 'ada')).mode & 0o777).toBe(0o600);
  }, 60_000);

  it('completes a switch in progress before everything stops', async () => {
    // It replaces the Todo API only, which takes a second.
    await send('/start/strategy', { mode: 'jwt/introspection' });
    child.kill('SIGTERM');
    await child.exit;
    expect(child.output()).toMatch(/Stopping…\n(Mail for .*\n)*Stopped\.\n$/);
  }, 60_000);
});

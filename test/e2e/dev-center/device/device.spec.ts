import { requestArrives } from '../../../support/request-arrives.js';
import { adaId, call, configure, lock } from '../../sandbox/started-sandbox.js';
import { approve } from './approver.js';
import { type DeviceWorld, type Outcome, startDeviceWorld, type Waits } from './device-world.js';

let present = Date.now();
const passed = (seconds: number) => void (present += seconds * 1000);
let world: DeviceWorld;
beforeAll(async () => {
  world = await startDeviceWorld(() => present);
});
afterAll(() => world.close());
afterEach(() => {
  world.sandbox.faults.clear();
  world.sandbox.settings.slowDownDevices = false;
});

const nothing = () => undefined;
const approves =
  (name: string): Waits[number] =>
  ({ verificationUriComplete }) =>
    approve(verificationUriComplete!, world.person(name));

const refresh = async ({ handOver }: Outcome, secret = world.sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']) => {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: handOver!.settings['CLIENT_ID']!,
    refresh_token: handOver!.secret.value.reveal(),
    ...(secret !== undefined && { client_secret: secret }),
  });
  const answer = await fetch(`${world.sandbox.url}/oauth2/token`, { method: 'POST', body: form });
  return (await answer.json()) as { access_token?: string; error?: string };
};
const status = async (token: string | undefined) =>
  (await fetch(`${world.api.url}/me`, { headers: { authorization: `Bearer ${token}` } })).status;
const sessionsOfAda = async () => {
  const { body } = await call(world.sandbox, 'GET', `/api/jwt/refresh?userId=${adaId}`);
  return (body['refreshTokens'] as { id: string }[]).length;
};
const rows = async (client: string) =>
  (await world.run('list', { client, all: true })).credentials as object[];

describe('a session that a person approves', () => {
  it('is reported with the name of the person, without what controls a terminal', async () => {
    const named = (fullName: string) =>
      call(world.sandbox, 'PATCH', `/api/user/${adaId}`, { user: { fullName } });
    await named('Ada\u001b[2J\u202e Lovelace');
    const { reports } = await world.issue({ client: 'of-a-strange-name' }, [approves('ada')]);
    await named('Ada Lovelace');
    expect(reports.join('\n')).toContain('approved by Ada[2J Lovelace');
  });

  it.each([
    ['by hand', ({ verificationUri, userCode }) => approve(verificationUri, world.person('ada'), userCode)],
    ['by the address that has it', approves('ada')],
  ] as [string, Waits[number]][])('is issued after the code was entered %s', async (how, approval) => {
    const client = `given-${how.length}`;
    const outcome = await world.issue({ client }, [nothing, approval]);
    expect(outcome.error).toBeUndefined();
    expect(outcome.shown).toEqual({
      userCode: expect.stringMatching(/^[A-Z0-9]{6}$/),
      verificationUri: `${world.url}/device`,
      verificationUriComplete: `${world.url}/device?user_code=${outcome.shown.userCode}`,
      expiresInSeconds: 300,
    });
    expect(outcome.waited).toEqual([5, 5]);
    expect(outcome.reports.join('\n')).toMatch(/approved by Ada[\s\S]*CLIENT_SECRET_FILE/);
    const { access_token: token } = await refresh(outcome);
    expect(await status(token)).toBe(200);
    expect(await rows(client)).toMatchObject([
      {
        state: 'active',
        approvedBy: adaId,
        owner: 'ada@example.com',
        roles: ['todo-reader', 'todo-writer'],
        endsAt: new Date(present + 43_200 * 60_000).toISOString(),
      },
    ]);
  });

  it('has the todos of the person, as has any number of them beside it, and no other log-in is taken for the client', async () => {
    const outcomes = [];
    for (const client of ['first-device', 'second-device', 'first-device'])
      outcomes.push(await world.issue({ client }, [approves('bruno')]));
    const tokens = [
      ...(await Promise.all(outcomes.map((one) => refresh(one)))).map((one) => one.access_token),
    ];
    tokens.push(await world.tokenOf('bruno'));
    const headers = { authorization: `Bearer ${tokens[0]}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ title: 'Made by a device' });
    expect((await fetch(`${world.api.url}/todos`, { method: 'POST', headers, body })).status).toBe(201);
    for (const token of tokens) {
      const seen = await fetch(`${world.api.url}/todos`, { headers: { authorization: `Bearer ${token}` } });
      expect(await seen.json()).toMatchObject({ items: [{ title: 'Made by a device' }] });
    }
  });

  it('is valid only for a client of that person', async () => {
    await world.issue({ client: 'of-bruno' }, [approves('bruno')]);
    const before = await sessionsOfAda();
    const { error } = await world.issue({ client: 'of-bruno' }, [approves('ada')]);
    expect(error).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('belongs to somebody else'),
    });
    expect(await sessionsOfAda()).toBe(before);
    expect(await rows('of-bruno')).toHaveLength(1);
  });

  it('is refused if the person has a role that the client does not have', async () => {
    const order = {
      client: 'small',
      strategy: 'email-token',
      roles: 'todo-reader',
      owner: 'ada@example.com',
    };
    await world.issue({ ...order, device: false }, []);
    const before = await sessionsOfAda();
    const { error } = await world.issue({ client: 'small' }, [approves('ada')]);
    expect(error).toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/has todo-writer, which client small/),
    });
    expect(await sessionsOfAda()).toBe(before);
  });
});

describe('a command that waits for an approval', () => {
  const ends = async (client: string, waits: Waits) => {
    const outcome = await world.issue({ client }, waits);
    expect(outcome.handOver).toBeUndefined();
    expect(await rows(client)).toEqual([]);
    return outcome;
  };

  it('reports that the code has expired if nobody approves, after it reported the remaining minutes', async () => {
    const { error, reports } = await ends('nobody-came', [() => passed(61), () => passed(240)]);
    expect(error).toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/expired.*run the command again/),
    });
    expect(reports).toEqual(['waiting for the approval; the code expires in 4 min']);
  });

  it('reports a refusal, for example for a person who was locked in the meantime', async () => {
    const approvesAndIsLocked = async (shown: Parameters<Waits[number]>[0]) => {
      await approves('chiyo')(shown);
      await lock(world.sandbox, '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1a03');
    };
    const { error } = await ends('of-somebody-locked', [approvesAndIsLocked]);
    expect(error).toMatchObject({ exitCode: 1, message: 'The approval was refused. Nothing was issued.' });
  });

  it('polls five seconds more slowly after each slow_down', async () => {
    const slow = (on: boolean) => () => void (world.sandbox.settings.slowDownDevices = on);
    const { waited, issued } = await world.issue({ client: 'hasty' }, [
      slow(true),
      nothing,
      slow(false),
      approves('ada'),
    ]);
    expect(issued).toBeDefined();
    expect(waited).toEqual([5, 10, 15, 15]);
  });

  it('continues polling through an outage, at growing intervals, and at the normal interval afterwards', async () => {
    const away = () => world.sandbox.faults.set('POST /oauth2/token', { answer: 'reset', times: 2 });
    const outcome = await world.issue({ client: 'patient' }, [away, nothing, nothing, approves('ada')]);
    expect(outcome.issued).toBeDefined();
    expect(outcome.waited).toEqual([5, 10, 20, 5]);
    expect(outcome.reports[0]).toMatch(/gives no answer; asking on until the code expires/);
  });

  it('stops when the code expires during an outage', async () => {
    const away = () => world.sandbox.faults.set('POST /oauth2/token', { status: 502 });
    const { error } = await ends('outlasted', [away, () => passed(301)]);
    expect(error).toMatchObject({ message: expect.stringContaining('expired') });
  });

  it('stops at Ctrl-C between two polls, and polls no more', async () => {
    const stopping: (() => Promise<unknown>)[] = [];
    const interrupted = () => void stopping[0]!();
    const beforeExit = (_name: string, close: () => Promise<unknown>) => void stopping.push(close);
    const outcome = await world.issue({ client: 'stopped' }, [nothing, interrupted], { beforeExit });
    expect(outcome.error).toMatchObject({ exitCode: 1, message: 'Stopped. Nothing was issued.' });
    expect(outcome.waited).toHaveLength(2);
    expect(await rows('stopped')).toEqual([]);
  });

  it('ends a session that was approved at the very moment it was stopped', async () => {
    const leaving = new AbortController();
    const before = await sessionsOfAda();
    const approvedAndLeft = async (shown: Parameters<Waits[number]>[0]) => {
      await approves('ada')(shown);
      // The poll is under way when the signal comes.
      world.sandbox.faults.set('POST /oauth2/token', { delayMs: 1_000, times: 1 });
      void requestArrives().then(() => leaving.abort());
    };
    const { error } = await world.issue({ client: 'crossed' }, [approvedAndLeft], { signal: leaving.signal });
    expect(error).toMatchObject({ message: 'Stopped. Nothing was issued.' });
    expect(await sessionsOfAda()).toBe(before);
    expect(await rows('crossed')).toEqual([]);
  });

  it('revokes the session if its secret did not reach the caller', async () => {
    const before = await sessionsOfAda();
    const deliver = () => Promise.reject(new Error('disk full'));
    const { error } = await world.issue({ client: 'clumsy' }, [approves('ada')], { deliver });
    expect(error).toMatchObject({ message: 'disk full' });
    expect(await sessionsOfAda()).toBe(before);
    expect(await rows('clumsy')).toMatchObject([{ state: 'ended' }]);
  });

  it.each([
    ['another strategy', { strategy: 'api-key' }, /--device is for --strategy jwt/],
    ['roles', { roles: 'todo-reader' }, /Leave --roles and --owner out/],
    ['an owner', { owner: 'ada@example.com' }, /Leave --roles and --owner out/],
  ])('shows no code for an order with %s', async (_what, args, message) => {
    const { error, shown } = await world.issue({ client: 'odd', ...args }, []);
    expect(error).toMatchObject({ exitCode: 2, message: expect.stringMatching(message) });
    expect(shown).toBeUndefined();
  });

  it('shows no code if FusionAuth would refuse the tokens, and reports what to set', async () => {
    const unset = await world.issue({ client: 'unset' }, [], {}, { FUSIONAUTH_CLIENT_SECRET: undefined });
    expect(unset.error).toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(/FUSIONAUTH_CLIENT_SECRET is not set.*Not required/),
    });
    expect(unset.shown).toBeUndefined();
    await configure(world.sandbox, {
      oauthConfiguration: { enabledGrants: ['authorization_code', 'refresh_token'] },
    });
    expect((await world.issue({ client: 'unset' }, [])).error).toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('npm run provision'),
    });
    await world.provision();
    expect((await world.issue({ client: 'unset' }, [approves('ada')])).issued).toBeDefined();
  });
});

import { setTimeout as delay } from 'node:timers/promises';
import type { LoginResult } from '#gatehouse/fusionauth';
import { createLogger, Secret } from '#gatehouse/platform';
import { extractFrom, verifyBy } from '../../../../../test/support/strategy-under-test.js';
import { rejected, throttled } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import type { Verdict } from '../../core/strategy.js';
import type { StrategyParts } from '../define-strategy.js';
import { inProcessMemory } from '../memory.js';
import { createEmailToken } from './email-token.strategy.js';

const config = {
  FUSIONAUTH_APPLICATION_ID: 'our-app',
  FUSIONAUTH_TENANT_ID: 'our-tenant',
  FUSIONAUTH_API_KEY: new Secret('our-own-key'),
  FUSIONAUTH_DEADLINE_MS: 800,
};
const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenWith = (claims: object) => `${segment({ alg: 'RS256' })}.${segment(claims)}.c2ln`;
const claims = { iss: 'acme.com', authenticationType: 'APPLICATION_TOKEN', applicationId: 'our-app' };

type Accepted = Extract<LoginResult, { kind: 'accepted' }>;
const ada: Accepted['user'] = {
  id: 'ada',
  tenantId: 'our-tenant',
  registrations: [{ applicationId: 'our-app', roles: ['todo-reader'] }],
};
const logIn = (user: Partial<Accepted['user']> = {}, changes: object = {}): LoginResult => ({
  kind: 'accepted',
  user: { ...ada, ...user },
  token: tokenWith({ ...claims, ...changes }),
});

const pair = { email: 'ada@example.com', token: 'authentication-token', address: '192.0.2.7' };

function world(result: LoginResult, changes: Partial<typeof config> = {}) {
  const asked: unknown[] = [];
  const state = { result, takes: 0 };
  const clock = () => 0;
  const memory = inProcessMemory(clock);
  const parts = {
    fusionAuth: {
      login: (attempt: object) => (asked.push(attempt), delay(state.takes, state.result)),
    },
    memory,
    clock,
    log: createLogger('test', 'silent'),
  } as unknown as StrategyParts;
  const strategy = createEmailToken({ ...config, ...changes }, parts);
  return { asked, state, memory, strategy, verify: () => verifyBy(strategy, pair) };
}

const principal: Principal = {
  subject: 'ada',
  issuer: 'acme.com',
  kind: 'user',
  via: 'email-token',
  tenantId: 'our-tenant',
  roles: ['todo-reader'],
  credentialId: 'ada:authentication-token',
};

describe('e-mail and authentication token', () => {
  it('become the principal that FusionAuth describes, and are sent to it with the caller’s address', async () => {
    const { verify, asked } = world(logIn());
    expect(await verify()).toEqual({ ok: true, principal });
    expect(asked).toEqual([pair]);
  });

  it.each([
    [{ email: 'ada@example.com', verified: true }, { email: 'ada@example.com' }],
    [{ email: 'ada@example.com', verified: false }, {}],
    [{ email: 'ada@example.com' }, {}],
    [{ verified: true }, {}],
    [{ timezone: 'Europe/London' }, { timeZone: 'Europe/London' }],
    [{ timezone: '+02:00' }, { timeZone: '+02:00' }],
    [{ timezone: 'GMT+2' }, { timeZone: 'GMT+2' }],
    [{ timezone: 'Mars/Olympus' }, {}],
    [{ timezone: '' }, {}],
  ])('yield from %j only what is verified: %j', async (user, told) => {
    expect(await world(logIn(user)).verify()).toEqual({ ok: true, principal: { ...principal, ...told } });
  });

  it.each<[string, LoginResult, string]>([
    ['FusionAuth refuses', { kind: 'refused', reason: 'locked' }, 'locked'],
    ['it was the real password', logIn({}, { authenticationType: 'PASSWORD' }), 'password-presented'],
    ['the answer says nothing of how', logIn({}, { authenticationType: undefined }), 'password-presented'],
    ['the answer holds no token', { ...(logIn() as Accepted), token: 'x' }, 'password-presented'],
    [
      'the user is registered elsewhere',
      logIn({ registrations: [{ applicationId: 'x', roles: [] }] }),
      'not-registered',
    ],
    ['the token is for another application', logIn({}, { applicationId: 'x' }), 'not-registered'],
    ['the user is of another tenant', logIn({ tenantId: 'x' }), 'other-tenant'],
  ])('are refused when %s', async (_why, result, reason) => {
    expect(await world(result).verify()).toEqual(rejected(reason));
  });

  it.each<[string, LoginResult]>([
    ['FusionAuth refuses', { kind: 'refused', reason: 'unknown-or-wrong' }],
    ['we do', logIn({ tenantId: 'x' })],
  ])('are refused no sooner than a quarter of a second when %s (HTTP-3)', async (_who, result) => {
    const started = performance.now();
    await world(result).verify();
    expect(performance.now() - started).toBeGreaterThanOrEqual(249);
  });

  it.each<[string, LoginResult]>([
    ['an accepted log-in', logIn()],
    ['a refused one of a known user', { kind: 'refused', reason: 'unknown-or-wrong' }],
  ])(
    'are refused no sooner than FusionAuth needs for a known user, seen in %s (HTTP-3)',
    async (_what, slow) => {
      const { state, strategy } = world(slow);
      const log = (email: string) => verifyBy(strategy, { ...pair, email });
      state.takes = 400;
      await log('ada@example.com');
      Object.assign(state, { takes: 2, result: { kind: 'refused', reason: 'unknown-or-wrong' } });
      const started = performance.now();
      await log('nobody@example.com');
      // Timers may fire up to two milliseconds early.
      expect(performance.now() - started).toBeGreaterThanOrEqual(398);
    },
  );

  it('are refused before a short deadline, after which it would look like an outage', async () => {
    const { state, verify } = world(logIn(), { FUSIONAUTH_DEADLINE_MS: 2_000 });
    state.takes = 2_000;
    await verify();
    Object.assign(state, { takes: 2, result: { kind: 'refused', reason: 'unknown-or-wrong' } });
    const late = delay(2_000, 'late', { ref: false });
    expect(await Promise.race([verify(), late])).toEqual(rejected('unknown-or-wrong'));
  });

  it('are refused after that time, which includes the log-in', async () => {
    const { state, verify } = world(logIn(), { FUSIONAUTH_DEADLINE_MS: 4_000 });
    state.takes = 1_000;
    await verify();
    Object.assign(state, { takes: 900, result: { kind: 'refused', reason: 'unknown-or-wrong' } });
    const late = delay(1_800, 'late', { ref: false });
    expect(await Promise.race([verify(), late])).toEqual(rejected('unknown-or-wrong'));
  });

  it('wait for nothing once the attempts are used up', async () => {
    const { memory, verify } = world(logIn());
    memory.takeAttempt = () => Promise.resolve({ waitSeconds: 7 });
    const late = delay(200, 'late', { ref: false });
    expect(await Promise.race([verify(), late])).toEqual(throttled(7));
  });

  it.each<[string, unknown, Verdict]>([
    ['no end', undefined, { ok: true, principal }],
    ['an end to come', 1, { ok: true, principal, expiresAt: 1 }],
    ['an end that is now', 0, rejected('expired')],
    ['an expiry that is not a number', '2027-01-01', rejected('expiry-unreadable')],
  ])('expire as the data of the registration says: %s', async (_what, expiresAt, verdict) => {
    const registrations = [{ applicationId: 'our-app', roles: ['todo-reader'], data: { expiresAt } }];
    expect(await world(logIn({ registrations })).verify()).toEqual(verdict);
  });

  it('are stored in the memory as keyed hashes, each with its own', async () => {
    const pairs: string[] = [];
    const log = async (token: string, key = 'our-own-key') => {
      const { memory, strategy } = world(logIn(), { FUSIONAUTH_API_KEY: new Secret(key) });
      memory.rememberPair = (hash) => Promise.resolve(void pairs.push(hash));
      await verifyBy(strategy, { ...pair, token });
    };
    for (const token of [pair.token, pair.token, 'another']) await log(token);
    expect(new Set(pairs).size).toBe(2);
    await log(pair.token, 'another-key');
    expect(new Set(pairs).size).toBe(3);
    for (const hash of pairs) expect(hash).toMatch(/^[\w-]{43}$/);
  });

  it('are distinguished by e-mail and token, not by where they come from', () => {
    const { strategy } = world(logIn());
    const print = (change: object) => strategy.key({ ...pair, ...change });
    expect(print({ address: '198.51.100.1' })).toBe(print({}));
    expect(print({ token: 'x' })).not.toBe(print({}));
    expect(print({ email: 'a', token: 'bc' })).not.toBe(print({ email: 'ab', token: 'c' }));
  });

  it('are read from Authorization: Basic, and challenged for', () => {
    const { strategy } = world(logIn());
    const basic = `Basic ${Buffer.from('Ada@Example.com:secret').toString('base64')}`;
    const request = {
      header: (name: string) => (name === 'authorization' ? [basic] : []),
      address: '192.0.2.7',
    };
    expect(extractFrom(strategy, request)).toEqual({
      credential: { email: 'ada@example.com', token: 'secret', address: '192.0.2.7' },
    });
    expect(strategy).toMatchObject({
      name: 'email-token',
      description: 'E-mail and FusionAuth authentication token',
      challenge: { scheme: 'Basic', parameters: ['charset="UTF-8"'] },
      consumes: [{ in: 'authorization', scheme: 'Basic' }],
    });
  });
});

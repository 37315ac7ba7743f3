import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createLogger, createMetrics } from '#gatehouse/platform';
import {
  fusionAuthEvent,
  signedBody,
  signedWebhook,
  type Webhook,
} from '../../../../test/support/webhooks.js';
import { serveKeys } from '../../../../tools/issuer/src/key-server.js';
import type { Json } from '../../../../tools/issuer/src/signing-key.js';
import {
  applicationId,
  encode,
  issuer,
  tenantId,
  type TokenMinter,
  tokenMinter,
} from '../../../../tools/issuer/src/token-minter.js';
import type { Authenticator } from '../build-authenticator.js';
import { createAuthenticator } from '../create-authenticator.js';
import { readAuthConfig } from '../settings.js';
import { type EventOutcome, maxEventBytes } from './received.js';
import { inProcessRevocations, type RevocationMemory } from './revocation-memory.js';

const log = createLogger('test', 'silent');
const second = 1_000;
const noon = Date.parse('2026-11-28T12:00:00.250Z');

/** Starts a guard with REVOCATION=push in front of a key server, with everything that FusionAuth does to it. */
interface World {
  readonly time: { now: number };
  /** Sessions that no longer exist in FusionAuth. */
  readonly gone: Set<string>;
  readonly guard: Authenticator;
  readonly key: TokenMinter;
  readonly webhookKey: TokenMinter;
  readonly ask: (token: string) => Promise<string>;
  readonly receive: (webhook: Webhook) => Promise<EventOutcome>;
  readonly send: (type: string, members?: Json, createInstant?: number) => Promise<EventOutcome>;
  readonly metric: (line: string) => Promise<number>;
}

const opened: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

interface Circumstances {
  readonly settings?: Record<string, string>;
  readonly revocations?: (clock: () => number) => RevocationMemory;
  readonly action?: { preventLogin: boolean };
  /** Whether our key may read the event log. */
  readonly readsLog?: boolean;
}

async function openWorld({
  settings,
  revocations,
  action,
  readsLog = true,
}: Circumstances = {}): Promise<World> {
  const time = { now: noon };
  const clock = () => time.now;
  const [key, webhookKey] = [tokenMinter(clock, 'ES256'), tokenMinter(clock, 'ES256')];
  const gone = new Set<string>();
  const more = (_request: unknown, { pathname }: URL) => {
    if (pathname.startsWith('/api/user-action/') && action)
      return { status: 200, body: { userAction: action } };

    if (pathname === '/api/system/webhook-event-log/search')
      return !readsLog ? { status: 401 } : { status: 200, body: { webhookEventLogs: [] } };

    const [, session] = /^\/api\/jwt\/refresh\/(.*)$/.exec(pathname) ?? [];
    if (session === undefined || gone.has(session)) return undefined;
    return { status: 200, body: { refreshToken: { userId: tenantId, applicationId } } };
  };
  const server = await serveKeys({ port: 0, keys: [key.jwk, webhookKey.jwk], issuer, more });
  const config = readAuthConfig({
    FUSIONAUTH_URL: server.url,
    FUSIONAUTH_API_KEY: 'our-own-key',
    REVOCATION: 'push',
    WEBHOOK_KEY_ID: webhookKey.kid,
    ...settings,
  });
  const metrics = createMetrics();
  const guard = createAuthenticator(config, {
    log,
    metrics,
    clock,
    ...(revocations && { revocations: revocations(clock) }),
  });
  const world: World = {
    time,
    gone,
    guard,
    key,
    webhookKey,
    ask: async (token) => {
      const header = (name: string) => (name === 'authorization' ? [`Bearer ${token}`] : []);
      const request = { requestId: 'r', address: '192.0.2.1', method: 'GET', url: '/', header };
      const { verdict } = await guard.authenticate(request);
      if (verdict.ok) return 'accepted';
      return 'reason' in verdict.failure ? verdict.failure.reason : verdict.failure.kind;
    },
    receive: async ({ body, signature }) => guard.receiveWebhook!(signature, () => Promise.resolve(body)),
    send: async (type, members = {}, createInstant = time.now) =>
      world.receive(await signedWebhook(webhookKey, fusionAuthEvent(type, createInstant, members))),
    metric: async (line) => {
      const found = (await metrics.metrics()).split('\n').find((one) => one.startsWith(`${line} `));
      return Number(found?.split(' ').at(-1)?.replace('+Inf', 'Infinity'));
    },
  };
  opened.push(
    () => guard.close(),
    () => server.close(),
  );
  await guard.start();
  return world;
}

/**
 * Returns the readiness reasons about revocations; others are due to the key server, which is not a whole FusionAuth.
 */
const reasonsOf = (guard: Authenticator) =>
  guard.readiness().reasons.filter((reason) => /revocations|webhooks/.test(reason));

/** Returns the claims of a token of a certain user and session. */
const person = () => ({ sub: randomUUID(), sid: randomUUID() });

describe('a guard with REVOCATION push', () => {
  it('refuses a token once its session is revoked, although it was cached, and accepts that of a new log-in', async () => {
    const world = await openWorld();
    const ada = person();
    const token = await world.key.mint(ada);
    expect(await world.ask(token)).toBe('accepted');
    world.time.now += 10 * second;
    const members = { applicationId, userId: ada.sub, refreshToken: { id: ada.sid } };
    expect(await world.send('jwt.refresh-token.revoke', members)).toBe('applied');
    expect(await world.ask(token)).toBe('revoked');
    expect(await world.ask(await world.key.mint(person()))).toBe('accepted');
    world.time.now += second;
    expect(await world.ask(await world.key.mint({ ...ada, sid: randomUUID() }))).toBe('accepted');
  });

  it.each<[string, string, (ada: ReturnType<typeof person>) => Json]>([
    ['the user', 'user.deactivate', ({ sub }) => ({ user: { id: sub } })],
    ['the user', 'user.delete', ({ sub }) => ({ user: { id: sub } })],
    ['the user', 'jwt.refresh-token.revoke', ({ sub }) => ({ userId: sub })],
    ['the registration', 'jwt.refresh-token.revoke', ({ sub }) => ({ applicationId, userId: sub })],
    ['the registration', 'user.registration.update', ({ sub }) => ({ applicationId, user: { id: sub } })],
    ['the application', 'jwt.refresh-token.revoke', () => ({ applicationId })],
  ])('ends the tokens of %s by %s', async (what, type, membersOf) => {
    const world = await openWorld();
    const ada = person();
    const [hers, another] = [await world.key.mint(ada), await world.key.mint(person())];
    expect(await world.send(type, membersOf(ada))).toBe('applied');
    expect(await world.ask(hers)).toBe('revoked');
    expect(await world.ask(another)).toBe(what === 'the application' ? 'revoked' : 'accepted');
  });

  it('ignores machines: FusionAuth sends no events about them, and their ids are of another kind', async () => {
    const entityId = randomUUID();
    const world = await openWorld({ settings: { FUSIONAUTH_ENTITY_ID: entityId } });
    const { sub } = person();
    const claims = { sub, aud: entityId, permissions: ['todo-reader'], applicationId: undefined };
    const token = await world.key.mint({ ...claims, roles: undefined, sid: undefined });
    await world.send('user.delete', { user: { id: sub } });
    await world.send('jwt.refresh-token.revoke', { applicationId });
    expect(await world.ask(token)).toBe('accepted');
    expect(await world.ask(await world.key.mint({ sub }))).toBe('revoked');
  });

  it('has no receiver with REVOCATION off', async () => {
    const { guard } = await openWorld({ settings: { REVOCATION: 'off' } });
    expect(guard).not.toHaveProperty('receiveWebhook');
  });

  it('answers synchronously, without a promise, where the token is cached', async () => {
    const world = await openWorld();
    const token = await world.key.mint();
    const header = (name: string) => (name === 'authorization' ? [`Bearer ${token}`] : []);
    const request = { requestId: 'r', address: '192.0.2.1', method: 'GET', url: '/', header };
    await world.guard.authenticate(request);
    expect(world.guard.authenticate(request)).not.toBeInstanceOf(Promise);
  });

  it('shows in its metrics the outcome of events, how many revocations are active and how old the list is', async () => {
    const world = await openWorld();
    const { sub } = person();
    for (const _time of [1, 2]) await world.send('user.delete', { user: { id: sub } }, noon);
    await world.send('user.login.success');
    world.time.now += 3 * second;
    const events = (outcome: string) =>
      world.metric(`gatehouse_revocation_events_total{outcome="${outcome}"}`);
    expect(await Promise.all(['applied', 'repeated', 'irrelevant'].map(events))).toEqual([1, 1, 1]);
    expect(await world.metric('gatehouse_revocations')).toBe(1);
    expect(await world.metric('gatehouse_revocation_list_age_seconds')).toBe(3);
  });

  it('says that webhooks are refused while the key set lacks the key that signs them', async () => {
    const { guard } = await openWorld({ settings: { WEBHOOK_KEY_ID: 'mistyped' } });
    expect(guard.readiness().ready).toBe(true);
    expect(reasonsOf(guard)).toEqual([
      expect.stringMatching(/webhooks are refused.*WEBHOOK_KEY_ID.*npm run provision/),
    ]);
  });
});

describe('a revocation that no webhook announced', () => {
  it('is found by asking for the sessions of accepted tokens', async () => {
    const world = await openWorld();
    const ada = person();
    const token = await world.key.mint(ada);
    world.gone.add(ada.sid);
    expect(await world.ask(token)).toBe('accepted');
    while ((await world.ask(token)) === 'accepted') await delay(50);
    expect(await world.ask(token)).toBe('revoked');
    expect(await world.ask(await world.key.mint(person()))).toBe('accepted');
  });

  it.each([
    ['open', 'accepted'],
    ['closed', 'unavailable'],
  ])(
    'may be missing while the log of events is not read, and REVOCATION_FAIL=%s says %s then',
    async (fail, then) => {
      const world = await openWorld({ settings: { REVOCATION_FAIL: fail } });
      while ((await world.metric('gatehouse_revocation_reconciled_age_seconds')) !== 0) await delay(20);
      world.time.now += 300 * second + 1;
      expect(await world.metric('gatehouse_revocation_reconciled_age_seconds')).toBe(300.001);
      // The list is read again within a second, the log within five.
      while ((await world.metric('gatehouse_revocation_list_age_seconds')) > 0) await delay(20);
      expect(await world.ask(await world.key.mint())).toBe(then);
      expect(reasonsOf(world.guard)).toEqual([expect.stringContaining('log of events has not been read')]);
    },
  );

  it('does not block with REVOCATION_FAIL=closed, where our key may not read the log', async () => {
    const world = await openWorld({ settings: { REVOCATION_FAIL: 'closed' }, readsLog: false });
    const age = () => world.metric('gatehouse_revocation_reconciled_age_seconds');
    while (!Number.isNaN(await age())) await delay(20);
    world.time.now += 600 * second;
    while ((await world.metric('gatehouse_revocation_list_age_seconds')) > 0) await delay(20);
    expect(await world.ask(await world.key.mint())).toBe('accepted');
  });
});

describe('an action on a user', () => {
  const action = (world: World, sub: string) =>
    world.send('user.action', { actioneeUserId: sub, actionId: randomUUID(), phase: 'start' });

  it.each([
    [{ preventLogin: true }, 'revoked'],
    [{ preventLogin: false }, 'accepted'],
    [undefined, 'revoked'],
  ])('that FusionAuth describes as %j leaves the token %s', async (described, verdict) => {
    const world = await openWorld(described ? { action: described } : {});
    const { sub } = person();
    await action(world, sub);
    expect(await world.ask(await world.key.mint({ sub }))).toBe(verdict);
  });
});

/** A memory that answers only while it is switched on. */
function faltering(clock: () => number, state: { answers: boolean }): RevocationMemory {
  const memory = inProcessRevocations(clock);
  const down = () => Promise.reject(new Error('the database is down'));
  return {
    ...memory,
    record: (revocations) => (state.answers ? memory.record(revocations) : down()),
    read: (mark) => (state.answers ? memory.read(mark) : down()),
  };
}

describe('a guard whose memory of revocations does not answer', () => {
  it('is not ready and answers 503 for users until the list is loaded, and no longer', async () => {
    const state = { answers: false };
    const world = await openWorld({ revocations: (clock) => faltering(clock, state) });
    const token = await world.key.mint();
    expect(world.guard.readiness().ready).toBe(false);
    expect(reasonsOf(world.guard)).toEqual([expect.stringContaining('revocations are not loaded')]);
    expect(await world.metric('gatehouse_revocation_list_age_seconds')).toBe(Infinity);
    expect(await world.ask(token)).toBe('unavailable');
    state.answers = true;
    while (!world.guard.readiness().ready) await delay(50);
    expect(reasonsOf(world.guard)).toEqual([]);
    expect(await world.ask(token)).toBe('accepted');
  });

  it('applies an event here and has it sent again', async () => {
    const state = { answers: true };
    const world = await openWorld({ revocations: (clock) => faltering(clock, state) });
    const { sub } = person();
    state.answers = false;
    expect(await world.send('user.delete', { user: { id: sub } })).toBe('unavailable');
    expect(await world.ask(await world.key.mint({ sub }))).toBe('revoked');
    state.answers = true;
    expect(await world.send('user.delete', { user: { id: sub } })).toBe('applied');
  });

  it.each([
    ['open', 'accepted'],
    ['closed', 'unavailable'],
  ])('with REVOCATION_FAIL=%s calls an unrevoked token %s once the list is stale', async (fail, then) => {
    const state = { answers: true };
    const settings = { REVOCATION_FAIL: fail };
    const world = await openWorld({ settings, revocations: (clock) => faltering(clock, state) });
    const ada = person();
    const [revoked, token] = [await world.key.mint(ada), await world.key.mint()];
    await world.send('user.delete', { user: { id: ada.sub } });
    state.answers = false;
    world.time.now += 5 * second;
    expect(await world.ask(token)).toBe('accepted');
    world.time.now += 1;
    expect(await world.ask(token)).toBe(then);
    expect(await world.ask(revoked)).toBe('revoked');
    expect(world.guard.readiness().ready).toBe(true);
    expect(reasonsOf(world.guard)).toEqual([
      expect.stringContaining('revocations of other replicas are missing'),
    ]);
  });

  it('is no longer read once the guard is closed', async () => {
    const state = { answers: false };
    let asked = 0;
    const counted = (clock: () => number): RevocationMemory => {
      const memory = faltering(clock, state);
      return { ...memory, read: (mark) => (++asked, memory.read(mark)) };
    };
    const world = await openWorld({ revocations: counted });
    world.guard.close();
    await delay(1_200);
    expect(asked).toBe(1);
  });
});

describe('a thousand webhooks of somebody who can read and send them, and cannot sign', () => {
  it('change nothing in any variation, and none is answered 500 or more', async () => {
    const world = await openWorld();
    const victims = Array.from({ length: 10 }, person);
    const tokens = await Promise.all(victims.map((victim) => world.key.mint(victim)));
    const stranger = tokenMinter(() => noon, 'ES256', world.webhookKey.kid);
    const kept = await signedWebhook(
      world.webhookKey,
      fusionAuthEvent('user.delete', noon, { user: { id: randomUUID() } }),
    );
    await world.receive(kept);
    const before = await world.metric('gatehouse_revocations');
    const answers = [];
    for (let index = 0; index < 1_000; index += 1) {
      const { sub } = victims[index % victims.length]!;
      const body = Buffer.from(
        JSON.stringify({ event: fusionAuthEvent('user.delete', noon, { user: { id: sub } }) }),
      );
      answers.push(
        await world.receive(await hostile[index % hostile.length]!({ world, body, kept, stranger })),
      );
    }
    // 503 is only for unavailable.
    expect(new Set(answers)).toEqual(new Set(['forged', 'malformed', 'too_large', 'repeated']));
    expect(await Promise.all(tokens.map(world.ask))).toEqual(tokens.map(() => 'accepted'));
    expect(await world.metric('gatehouse_revocations')).toBe(before);
  });

  interface Given {
    readonly world: World;
    /** An event that would end a user's tokens. */
    readonly body: Buffer;
    /** A FusionAuth webhook that was received before. */
    readonly kept: Webhook;
    /** A key with the id of the right one. */
    readonly stranger: TokenMinter;
  }

  const hostile: readonly ((given: Given) => Webhook | Promise<Webhook>)[] = [
    ({ body, stranger }) => signedBody(stranger, body),
    ({ body, world }) => signedBody(world.key, body),
    ({ body, world }) => signedBody(world.key, body, { kid: world.webhookKey.kid }),
    ({ body, kept }) => ({ body, signature: kept.signature }),
    ({ body }) => ({ body, signature: '' }),
    ({ body, kept }) => ({ body, signature: `${encode({ alg: 'none' })}.${kept.signature.split('.')[1]}.` }),
    ({ kept }) => ({ ...kept, body: kept.body.subarray(0, -1 - Math.floor(Math.random() * 40)) }),
    ({ kept }) => ({ ...kept, body: altered(kept.body) }),
    ({ kept }) => ({ ...kept, signature: kept.signature.slice(0, -4) }),
    ({ kept }) => kept,
    ({ body, kept }) => ({ ...kept, body: Buffer.concat([body, Buffer.alloc(maxEventBytes)]) }),
    // FusionAuth's test button signs any text that an administrator types.
    ({ world }) => signedBody(world.webhookKey, Buffer.from('{"event":{"type":"user.delete"}}')),
    ({ world }) => signedBody(world.webhookKey, Buffer.from('[]')),
    ({ world }) => signedBody(world.webhookKey, Buffer.alloc(0)),
  ];

  function altered(body: Buffer): Buffer {
    const changed = Buffer.from(body);
    const at = Math.floor(Math.random() * changed.length);
    changed[at] = changed[at]! ^ (1 << Math.floor(Math.random() * 7));
    return changed;
  }
});

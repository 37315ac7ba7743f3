import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from '#gatehouse/platform';
import { type TokenMinter, tokenMinter } from '../../tools/issuer/src/token-minter.js';
import { type FaultName, FaultProxy, faults } from '../../tools/measure/src/fault-proxy.js';
import { type ContractWorld, type Door, startContractWorld } from './contract-world.js';
import type { Issued } from './mode.js';
import { modeOf } from './modes.js';
import { bearer } from './people.js';

/**
 * The full durations, under load and in real processes, are in the soak proofs outage, faults, cold-start and
 * key-rotation.
 */
const kinds = Object.keys(faults).filter((name): name is FaultName => name !== 'none');
const deadline = 2_000;
const trust = 1_000;
/**
 * The time limit for an answer that does not depend on FusionAuth, also on a busy machine; on an idle one it is the
 * deadline.
 */
const soon = 6_000;
/** The time limit for full service after the outage, also on a busy machine. */
const recovery = 30_000;

/** The observations of one kind of fault, with the time of the slowest answer. */
interface Course {
  readonly coldStart: { readonly ready: boolean; readonly statuses: readonly number[] };
  readonly secondsToReady: number;
  readonly known: readonly number[];
  readonly unknown: readonly number[];
  readonly forged: readonly number[];
  readonly slowest: number;
  readonly secondsToRecover: number;
}

let world: ContractWorld;
let forger: TokenMinter;
const closers: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  world = await startContractWorld(systemClock);
  forger = tokenMinter();
});
afterAll(async () => {
  await Promise.all(closers.map((close) => close()));
  await world.close();
});

const opened: Door[] = [];

/** Opens a proxy to FusionAuth with this fault from the start, and a door behind it. */
async function openBehind(name: FaultName, env: Record<string, string>): Promise<[FaultProxy, Door]> {
  const proxy = await FaultProxy.before(world.sandbox.url);
  closers.push(() => proxy.close());
  await proxy.set(faults[name]);
  const door = await world.open({
    FUSIONAUTH_URL: proxy.url,
    FUSIONAUTH_DEADLINE_MS: String(deadline),
    CREDENTIAL_CACHE_SECONDS: String(trust / 1000),
    ...env,
  });
  opened.push(door);
  return [proxy, door];
}

/**
 * Excludes email-token, whose new log-ins are limited to three attempts a minute: on a busy machine three answers can
 * come too late, and then the guard waits. The contract's sentences prove the same for it on a clock that stands still.
 */
const everyStrategy = () =>
  Promise.all((['jwt/introspection', 'api-key'] as const).map((name) => modeOf(name).issue(world)));

const ask = (door: Door, credentials: readonly Issued[]) =>
  Promise.all(credentials.map(async ({ headers }) => (await door.get('/todos', headers)).status));

/**
 * Returns the seconds until the condition holds, checked every second up to a limit. More checks of all courses
 * would keep a busy machine from ever recovering.
 */
async function secondsUntil(holds: () => Promise<boolean> | boolean): Promise<number> {
  const started = performance.now();
  while (!(await holds()) && performance.now() - started < recovery) await delay(1_000);
  return (performance.now() - started) / 1000;
}

const all = (statuses: readonly number[], wanted: number) => statuses.every((status) => status === wanted);

/** Each door has its own memory, so a credential known to one is new to the next. */
async function live(
  name: FaultName,
  index: number,
  known: readonly Issued[],
  unknown: readonly Issued[],
): Promise<Course> {
  const [proxy, door] = await openBehind(name, {
    AUTH_STRATEGY: 'jwt,api-key',
    JWT_VALIDATION: index % 2 === 0 ? 'introspection' : 'session',
  });
  const coldStart = {
    ready: door.authenticator.readiness().ready,
    statuses: await ask(door, known.slice(0, 2)),
  };
  await proxy.set(faults.none);
  const secondsToReady = await secondsUntil(async () => all(await ask(door, known), 200));
  await delay(trust + 100);

  await proxy.set(faults[name]);
  const seen = { known: [] as number[], unknown: [] as number[], forged: [] as number[] };
  let slowest = 0;
  for (let round = 0; round < 2; round += 1) {
    const asked = performance.now();
    const forged = bearer(await forger.mint());
    const [ofKnown, ofUnknown, { status }] = await Promise.all([
      ask(door, known),
      ask(door, unknown),
      door.get('/todos', forged),
    ]);
    seen.known.push(...ofKnown);
    seen.unknown.push(...ofUnknown);
    seen.forged.push(status);
    slowest = Math.max(slowest, performance.now() - asked);
  }
  await proxy.set(faults.none);
  const secondsToRecover = await secondsUntil(async () => all(await ask(door, [...known, ...unknown]), 200));
  return { coldStart, secondsToReady, ...seen, slowest, secondsToRecover };
}

describe('a connection to FusionAuth that fails', () => {
  const courses = new Map<FaultName, Promise<Course>>();
  // In parallel, because most of the time is waiting.
  beforeAll(async () => {
    const [known, unknown] = await Promise.all([everyStrategy(), everyStrategy()]);
    for (const [index, name] of kinds.entries()) {
      const course = live(name, index, known, unknown);
      course.catch(() => undefined);
      courses.set(name, course);
    }
  });

  it.each(kinds)(
    'by %s: known credentials pass, unknown ones soon get 503, and all pass soon after recovery',
    async (name) => {
      const { known, unknown, forged, slowest, secondsToRecover } = await courses.get(name)!;
      expect(known).toEqual(known.map(() => 200));
      // New connections work now and replace the silent ones.
      if (name === 'halfOpen') expect([200, 503]).toEqual(expect.arrayContaining(unknown));
      else expect(unknown).toEqual(unknown.map(() => 503));
      expect(forged).not.toContain(200);
      expect(slowest).toBeLessThan(soon);
      expect(secondsToRecover).toBeLessThan(recovery / 1000);
    },
  );

  it.each(kinds.filter((name) => name !== 'halfOpen'))(
    'by %s when the guard starts: it is not ready, refuses nothing, and becomes ready by itself',
    async (name) => {
      const { coldStart, secondsToReady } = await courses.get(name)!;
      expect(coldStart).toEqual({ ready: false, statuses: [503, 503] });
      expect(secondsToReady).toBeLessThan(recovery / 1000);
    },
  );
});

describe('local validation', () => {
  it('with the keys cached needs no FusionAuth', async () => {
    const [proxy, door] = await openBehind('none', { AUTH_STRATEGY: 'jwt' });
    const [old, fresh] = await Promise.all([
      modeOf('jwt/local').issue(world),
      modeOf('jwt/local').issue(world),
    ]);
    expect(await ask(door, [old])).toEqual([200]);
    await proxy.set(faults.refuse);
    expect(await ask(door, [old, fresh])).toEqual([200, 200]);
  });

  it('follows a rotation under load without refusing a valid token', async () => {
    const [, door] = await openBehind('none', { AUTH_STRATEGY: 'jwt' });
    const old = await modeOf('jwt/local').issue(world);
    const statuses: number[] = [];
    const asking = (async () => {
      for (let turn = 0; turn < 100; turn += 1) statuses.push(...(await ask(door, [old])));
    })();
    await world.sandbox.rotateKey();
    const fresh = await Promise.all(Array.from({ length: 5 }, () => modeOf('jwt/local').issue(world)));
    statuses.push(...(await ask(door, fresh)));
    await asking;
    expect(statuses).toEqual(statuses.map(() => 200));
  });

  it('fetches the key set once, even if many unknown keys are named', async () => {
    // Earlier doors that stayed open would keep fetching keys, and would be counted here.
    await Promise.all(opened.splice(0).map((one) => one.close()));
    const [, door] = await openBehind('none', { AUTH_STRATEGY: 'jwt' });
    const { requests } = world.sandbox;
    const before = requests.count('GET /.well-known/jwks.json');
    const named = Array.from({ length: 200 }, () => forger.mint({}, { kid: randomUUID() }));
    const answers = await Promise.all(named.map(async (token) => door.get('/todos', bearer(await token))));
    expect(answers.every(({ status }) => status === 401)).toBe(true);
    expect(requests.count('GET /.well-known/jwks.json') - before).toBe(1);
  });
});

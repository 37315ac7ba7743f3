import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, faults } from '../../tools/measure/src/fault-proxy.js';
import type { Issued, ModeName } from '../contract/mode.js';
import { modeOf } from '../contract/modes.js';
import type { ApiProcess, Vitals } from './api-process.js';
import { type Hit, OpenLoop, percentile, tally } from './open-loop.js';
import type { SoakWorld } from './soak-world.js';

/** A Todo API under load, with its settings. */
export interface Target {
  readonly name: string;
  readonly api: ApiProcess;
  /** The modes whose credentials are presented. */
  readonly modes: readonly ModeName[];
  /** CREDENTIAL_GRACE_SECONDS; longer than any fault here, or 0. */
  readonly graceSeconds: number;
}

export const perSecond = 200;
/** CREDENTIAL_CACHE_SECONDS of the targets. */
export const trustSeconds = 5;
const recoverySeconds = 5;
const settleSeconds = 10;
/**
 * The event loop delay below which a machine is calm, in milliseconds; on a busier one the figures say nothing about
 * the guard.
 */
const calm = 30;
const triesForCalm = 20;
/** Milliseconds at the edges of a window that are not counted: an answer in flight then belongs to neither side. */
const edge = 1_000;

/** The observations of a target before, during and after a fault. */
export interface Seen {
  readonly target: Target;
  readonly hits: readonly Hit[];
  /** Times of `performance.now()`. */
  readonly from: number;
  readonly to: number;
  /** During the fault, and during an equal time just before it. */
  readonly before: Vitals;
  readonly during: Vitals;
}

/**
 * Loads every target with 200 requests per second, 90 % with known credentials, 5 % with valid ones seen for the first
 * time, 5 % with made-up ones. Then makes the connection to FusionAuth fail for the given seconds, and recover. Starts
 * when the machine is calm, or after some minutes anyway.
 */
export async function runCourse(
  world: SoakWorld,
  targets: readonly Target[],
  fault: Fault,
  seconds: number,
): Promise<readonly Seen[]> {
  const loads = await Promise.all(targets.map((target) => loadOf(world, target)));
  const vitals = () => Promise.all(targets.map(({ api }) => api.vitals()));
  let before = await vitals();
  for (let tries = 0; tries < triesForCalm; tries += 1) {
    await delay(settleSeconds * 1000);
    before = await vitals();
    if (tries > 0 && before.every(({ eventLoopP99 }) => eventLoopP99 < calm)) break;
  }
  loads.forEach((load) => load.showStrangers());
  const from = performance.now();
  await world.proxy.set(fault);
  await delay(seconds * 1000);
  const during = await vitals();
  await world.proxy.set(faults.none);
  const to = performance.now();
  await delay((recoverySeconds + 3) * 1000);
  const hits = await Promise.all(loads.map((load) => load.stop()));
  return targets.map((target, index) => ({
    target,
    hits: hits[index]!,
    from,
    to,
    before: before[index]!,
    during: during[index]!,
  }));
}

interface Load {
  /** Starts the requests with unknown credentials. */
  readonly showStrangers: () => void;
  readonly stop: () => Promise<readonly Hit[]>;
}

async function loadOf(world: SoakWorld, { api, modes }: Target): Promise<Load> {
  const issueAll = async (count: number) =>
    (await Promise.all(modes.map((mode) => world.issue(mode, Math.ceil(count / modes.length))))).flat();
  const [known, unknown] = [await issueAll(18), await issueAll(24)];
  const forged = await Promise.all(modes.map((mode) => modeOf(mode).tricks.unknown(world.contract)));
  for (const credential of known) await introduce(api, credential);
  let strangers = false;
  const shot = (kind: string, { headers }: Issued, address: string) => ({
    kind,
    path: '/me',
    headers: { ...headers, 'x-forwarded-for': address },
  });
  const pick = (of: readonly Issued[], turn: number) => of[turn % of.length]!;
  const loop = new OpenLoop(api.url, perSecond, (turn) => {
    const round = Math.floor(turn / 20);
    if (turn % 20 === 7) return shot('forged', pick(forged, round), '192.0.2.66');
    if (turn % 20 === 13 && strangers)
      return shot('unknown', pick(unknown, round), `198.51.100.${round % 24}`);
    return shot('known', pick(known, turn), `203.0.113.${turn % 200}`);
  });
  return { showStrangers: () => (strangers = true), stop: () => loop.stop() };
}

/** Presents a credential until it is accepted: on a busy machine FusionAuth's first answer may come too late. */
async function introduce({ url }: ApiProcess, { headers }: Issued): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const answer = await fetch(`${url}/me`, { headers });
    await answer.arrayBuffer();
    if (answer.status === 200) return;
    await delay(1_000);
  }
  throw new Error('a good credential never passed');
}

export interface Judgement {
  /** Broken promises as sentences; empty when there are none. */
  readonly broken: readonly string[];
  readonly figures: Readonly<Record<string, string | number>>;
}

/** Compares the observations with the promises. `leaky` faults let some calls through, so a 200 is expected. */
export function judge({ target, hits, from, to, before, during }: Seen, leaky = false): Judgement {
  const { name, graceSeconds, modes } = target;
  const local = modes.every((mode) => mode.endsWith('/local'));
  const of = (kind: string, start: number, end: number) =>
    hits.filter((hit) => hit.kind === kind && hit.at >= start && hit.at < end);
  // Before that the process was warming up.
  const settled = from - settleSeconds * 1000;
  const good = hits.filter(({ kind, at }) => kind !== 'forged' && at >= settled);
  const unknown = of('unknown', from, to - edge);
  const bad = good.filter(({ at, status }) => at >= to && status !== 200);
  const recovered = Math.max(0, ...bad.map(({ at, milliseconds }) => at + milliseconds - to)) / 1000;
  const bridged = local || graceSeconds > 0;
  const known = of('known', settled, Infinity);
  const untrusted = of('known', from + trustSeconds * 1000 + edge, to - edge);
  const growth = during.memory - before.memory;
  const wrong = (some: readonly Hit[], ...right: number[]) =>
    some.filter(({ status }) => !right.includes(status)).length;
  const checks: readonly (readonly [boolean, string])[] = [
    [hits.length >= (perSecond * (to - from)) / 1000, 'the load was not sent'],
    [
      wrong(
        good.filter(({ at }) => at < from - edge),
        200,
      ) === 0,
      'not every good credential passed before the fault',
    ],
    [good.every(({ status }) => status !== 401), 'a good credential was refused'],
    [hits.every(({ kind, status }) => kind !== 'forged' || status !== 200), 'a made-up credential passed'],
    [!bridged || wrong(known, 200) === 0, 'a known credential did not pass'],
    [
      bridged || wrong(untrusted, 503, ...(leaky ? [200] : [])) === 0,
      'after the cache time something else than 503',
    ],
    [
      wrong(unknown, local ? 200 : 503, ...(leaky ? [200] : [])) === 0,
      'unknown credentials were not answered 503',
    ],
    [percentile(unknown, 99) <= 1_000, 'unknown credentials waited for too long'],
    [recovered <= recoverySeconds, 'full service came too late'],
    [during.eventLoopP99 <= 2 * before.eventLoopP99, 'the event loop was held up'],
    [growth <= 50, 'memory grew'],
  ];
  return {
    broken: checks.filter(([holds]) => !holds).map(([, what]) => `${name}: ${what}`),
    figures: {
      [`${name}, known`]: `${tally(of('known', from, to))}, p99 ${percentile(of('known', from, to), 99)} ms`,
      [`${name}, unknown`]: `${tally(unknown)}, p99 ${percentile(unknown, 99)} ms`,
      [`${name}, forged`]: tally(of('forged', from, to)),
      [`${name}, seconds to full service`]: recovered.toFixed(1),
      [`${name}, event loop p99`]: `${during.eventLoopP99.toFixed(1)} ms, ${before.eventLoopP99.toFixed(1)} ms before`,
      [`${name}, memory`]: `${growth >= 0 ? '+' : ''}${growth.toFixed(0)} MB on ${before.memory.toFixed(0)} MB`,
    },
  };
}

/** Throws, with the figures so far, unless every promise holds. */
export function demand(
  judgements: readonly Judgement[],
  more: Judgement['figures'] = {},
): Judgement['figures'] {
  const figures = Object.assign({}, ...judgements.map((one) => one.figures), more) as Judgement['figures'];
  const broken = judgements.flatMap((one) => one.broken);
  if (broken.length === 0) return figures;
  const lines = Object.entries(figures).map(([name, value]) => `${name}: ${value}`);
  throw new Error([...broken, ...lines].join('\n  '));
}

import { isDeepStrictEqual } from 'node:util';
import { createLogger, createMetrics, endProcess } from '#gatehouse/platform';
import { inProcessMemory } from '../../libs/auth/src/strategies/memory.js';
import { hostileKinds } from '../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../tools/attack/src/corpus/groups/legal.js';
import { createMint } from '../../tools/attack/src/corpus/mint.js';
import { startIssuer } from '../../tools/attack/src/issuer/start-issuer.js';
import { developmentTarget, type Mode, modes } from '../../tools/attack/src/target.js';
import { guardConfig } from '../hostile/guard-config.js';
import type { Effect, Outcome } from './effect.js';
import { loadGuard, type Mutant, mutants, switches } from './instrumented-guard.js';
import { type Exhibit, exhibit, judge, type Judgement } from './judge.js';
import { isUnnoticed, staleAmong } from './unnoticed.js';

// Shows the corpus, without HTTP, to the guard with each decision changed in turn, and writes the effect of each change
// to standard output as JSON.

const now = Date.now();
const clock = () => now;
const issuer = await startIssuer({ port: 0, target: developmentTarget, clock });
const mint = createMint(issuer.target, issuer, clock);
const log = createLogger('mutants', 'silent');
const [role] = developmentTarget.roles;
// Stack traces and a separate memory for each guard would take most of the run.
Error.stackTraceLimit = 0;
const memory = inProcessMemory(clock);

// Legal ones first: a mutant that refuses one is noticed, and need not be shown the rest.
const made = [...legalKinds, ...hostileKinds].map((kind) => ({ kind, one: exhibit(kind, kind.make(mint)) }));
const exhibitsFor = (mode: Mode): Exhibit[] =>
  made
    .filter(({ kind }) => ('group' in kind ? kind.noticedBy : kind.acceptedBy).includes(mode))
    .map(({ one }) => one);

async function openGuard(createAuthenticator: Awaited<ReturnType<typeof loadGuard>>, mode: Mode) {
  const guard = createAuthenticator(guardConfig(issuer, mode), {
    log,
    metrics: createMetrics(),
    clock,
    memory,
  });
  await guard.start();
  return guard;
}

let steps = 0;
/** Runs a step and adds the ids of the mutants that it reached, as the instrumented code counted them. */
async function covered<T>(step: () => Promise<T>): Promise<readonly [T, ids: readonly string[]]> {
  const name = String(steps++);
  switches.currentTestId = name;
  const result = await step();
  return [result, Object.keys(switches.mutantCoverage?.perTest[name] ?? {})];
}

/** A request, and the answer of the unchanged guard in one mode. */
interface Shown {
  readonly one: Exhibit;
  readonly was: Judgement;
}

/** The requests for one mode, and those that reach a mutant. */
interface Show {
  readonly mode: Mode;
  readonly all: readonly Shown[];
  readonly comingBy: ReadonlyMap<string, readonly Shown[]>;
}

async function prepareShow(
  createAuthenticator: Awaited<ReturnType<typeof loadGuard>>,
  mode: Mode,
): Promise<Show> {
  const all: Shown[] = [];
  const comingBy = new Map<string, Shown[]>();
  const [guard, decidedAtStart] = await covered(() => openGuard(createAuthenticator, mode));
  for (const one of exhibitsFor(mode)) {
    const [was, ids] = await covered(() => judge(guard, one, role));
    all.push({ one, was });
    for (const id of ids) comingBy.set(id, [...(comingBy.get(id) ?? []), { one, was }]);
  }
  guard.close();
  for (const id of decidedAtStart) comingBy.set(id, all);
  return { mode, all, comingBy };
}

const unchanged = await loadGuard();
const decidedAtLoad = new Set(Object.keys(switches.mutantCoverage?.static ?? {}));
const shows: Show[] = [];
for (const mode of modes) shows.push(await prepareShow(unchanged, mode));

/** Shows a mutant the requests that reach it, mode by mode, until it is noticed. */
async function effectOf(mutant: Mutant): Promise<Effect> {
  const { id = 'none', title } = mutant;
  // The instrumented code throws at the limit, which stops a loop that a mutant made endless.
  Object.assign(switches, { activeMutant: id, hitCount: 0, hitLimit: 1_000_000 });
  const effect: Effect = { title, gone: [] };
  const isLoadedAnew = mutant.leftOut !== undefined || decidedAtLoad.has(id);
  const createAuthenticator = isLoadedAnew ? await loadGuard(mutant) : unchanged;
  for (const { mode, all, comingBy } of shows) {
    const shown = isLoadedAnew ? all : (comingBy.get(id) ?? []);
    if (shown.length > 0 && effect.noticedBy === undefined)
      await showTo(effect, await openGuard(createAuthenticator, mode), shown);
  }
  return effect;
}

/** Shows requests up to the first legal one that is answered differently, or the first hostile one that is accepted. */
async function showTo(
  effect: Effect,
  guard: Awaited<ReturnType<typeof openGuard>>,
  shown: readonly Shown[],
): Promise<void> {
  for (const { one, was } of shown) {
    const is = await judge(guard, one, role);
    if (isDeepStrictEqual(is, was)) continue;
    effect.noticedBy ??= one.title;
    if (was.reason !== undefined && is.reason !== was.reason) effect.gone.push(was.reason);
    if (one.hostile && is.status === 200) effect.letThrough = one.title;
    if (!one.hostile || effect.letThrough !== undefined) break;
  }
  guard.close();
}

const effects: Effect[] = [];
for (const mutant of mutants) {
  if (isUnnoticed(mutant.title)) continue;
  const broken = (error: unknown): Effect => ({ title: mutant.title, noticedBy: String(error), gone: [] });
  effects.push(await effectOf(mutant).catch(broken));
}
await issuer.close();
const stale = staleAmong(mutants.map(({ title }) => title));
process.stdout.write(JSON.stringify({ effects, stale } satisfies Outcome));
await endProcess(0);

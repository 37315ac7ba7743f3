import { createLogger, createMetrics, endProcess } from '#gatehouse/platform';
import { inProcessMemory } from '../../libs/auth/src/strategies/memory.js';
import { hostileKinds } from '../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../tools/attack/src/corpus/groups/legal.js';
import { createMint } from '../../tools/attack/src/corpus/mint.js';
import { startIssuer } from '../../tools/attack/src/issuer/start-issuer.js';
import { developmentTarget, type Mode, modes } from '../../tools/attack/src/target.js';
import { guardConfig } from '../hostile/guard-config.js';
import type { Effect } from './effect.js';
import { type Exhibit, exhibit, judge, type Judgement } from './judge.js';
import { loadMutant, patchedText } from './load-mutant.js';
import { type Mutant, mutants, titleOf } from './mutants.js';

// Shows the corpus, without HTTP, to the guard with one check after the other taken away, and writes what each mutant
// changed to standard output, as JSON.

// Before anything else: a patch that does not fit proves nothing.
for (const mutant of mutants) patchedText(mutant);

const now = Date.now();
const clock = () => now;
const issuer = await startIssuer({ port: 0, target: developmentTarget, clock });
const mint = createMint(issuer.target, issuer, clock);
const log = createLogger('mutants', 'silent');
const [role] = developmentTarget.roles;
// Most of a run would be spent on stacks that nobody reads and on memory that no token uses.
Error.stackTraceLimit = 0;
const memory = inProcessMemory(clock);

const made = [...hostileKinds, ...legalKinds].map((kind) => ({ kind, one: exhibit(kind, kind.make(mint)) }));
const exhibitsFor = (mode: Mode): Exhibit[] =>
  made
    .filter(({ kind }) => ('group' in kind ? kind.noticedBy : kind.acceptedBy).includes(mode))
    .map(({ one }) => one);

/** The guard in one mode; with a mutant, its copy that lacks a check. */
async function openGuard(mode: Mode, id = '', mutant?: Mutant) {
  const createAuthenticator = await loadMutant(id, mutant);
  const config = guardConfig(issuer, mode);
  const guard = createAuthenticator(config, { log, metrics: createMetrics(), clock, memory });
  await guard.start();
  return guard;
}

/** What the guard as it is says in each mode. */
const asItIs = new Map<Mode, ReadonlyMap<Exhibit, Judgement>>();
for (const mode of modes) {
  const guard = await openGuard(mode);
  const judgements = new Map<Exhibit, Judgement>();
  for (const one of exhibitsFor(mode)) judgements.set(one, await judge(guard, one, role));
  asItIs.set(mode, judgements);
  guard.close();
}

/** What a mutant changes, up to the first request that it lets through. */
async function effectOf(mutant: Mutant, id: string): Promise<Effect> {
  const guard = await openGuard(mutant.mode, id, mutant);
  const effect: Effect = {
    title: titleOf(mutant),
    backedBy: mutant.backedBy,
    otherwise: [],
    gone: [],
    instead: [],
  };
  for (const [one, was] of asItIs.get(mutant.mode) ?? []) {
    const is = await judge(guard, one, role);
    if (was.status === is.status && was.code === is.code && was.reason === is.reason) continue;
    if (was.reason !== undefined) effect.gone.push(was.reason);
    if (is.reason !== undefined) effect.instead.push(is.reason);
    if (was.status !== is.status || was.code !== is.code) effect.otherwise.push(one.title);
    if (was.status !== 200 && is.status === 200) {
      effect.letThrough = one.title;
      break;
    }
  }
  guard.close();
  return effect;
}

const effects: Effect[] = [];
for (const [id, mutant] of mutants.entries()) effects.push(await effectOf(mutant, String(id)));
await issuer.close();
process.stdout.write(JSON.stringify(effects));
await endProcess(0);

import type { HostileKind, LegalKind } from './corpus/kind.js';
import type { Presented } from './corpus/make.js';
import { createMint, type Mint } from './corpus/mint.js';
import type { Issuer } from './issuer/start-issuer.js';
import { outcomeOf, type Results, type Tried, type TriedHostile, type TriedLegal } from './outcome.js';
import type { Answer, Send } from './request.js';

export interface AttackSettings {
  readonly issuer: Issuer;
  readonly send: Send;
  /** A guarded route that admits any caller, and one that demands a role; without it, kinds that need one are skipped. */
  readonly paths: { readonly any: string; readonly role?: string | undefined };
  readonly hostile: readonly HostileKind[];
  readonly legal: readonly LegalKind[];
  readonly clock?: () => number;
  readonly progress?: (done: number, total: number) => void;
}

/** The number of parallel requests: enough to be quick, too few to trigger limits against floods. */
const atOnce = 4;

/** Sends every kind once, with the legal ones spread among the hostile; each is made just before it is sent. */
export async function attack(settings: AttackSettings): Promise<Results> {
  const { issuer, paths, progress } = settings;
  const mint = createMint(issuer.target, issuer, settings.clock);
  const sendable = <K extends HostileKind | LegalKind>(kinds: readonly K[]) =>
    kinds.filter(({ route }) => paths[route] !== undefined);
  const runs = <K extends HostileKind | LegalKind>(kinds: readonly K[], into: Tried<K>[]) =>
    kinds.map((kind, index) => async () => {
      into[index] = await tryKind(kind, mint, settings);
    });
  const hostile: TriedHostile[] = [];
  const legal: TriedLegal[] = [];
  const order = interleaved(runs(sendable(settings.hostile), hostile), runs(sendable(settings.legal), legal));
  let next = 0;
  let done = 0;
  const worker = async () => {
    for (let run = order[next++]; run; run = order[next++]) {
      await run();
      progress?.((done += 1), order.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { hostile, legal, lured: issuer.lured };
}

async function tryKind<K extends HostileKind | LegalKind>(
  kind: K,
  mint: Mint,
  { send, paths }: AttackSettings,
): Promise<Tried<K>> {
  const presented: Presented = kind.make(mint);
  const answer: Answer | undefined = await send(presented, paths[kind.route] ?? paths.any).catch(
    () => undefined,
  );
  const group = 'group' in kind ? kind.group : undefined;
  return { kind, answer, outcome: outcomeOf(answer, group), note: presented.note };
}

/** Spreads the second list evenly over the first. */
function interleaved<T>(many: readonly T[], few: readonly T[]): T[] {
  const at = [
    ...many.map((item, index) => ({ item, place: (index + 0.5) / many.length })),
    ...few.map((item, index) => ({ item, place: (index + 0.5) / few.length })),
  ];
  return at.toSorted((one, other) => one.place - other.place).map(({ item }) => item);
}

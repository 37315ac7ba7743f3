import type { Clock } from '#gatehouse/platform';
import { andThen, type Awaitable } from '../../core/awaitable.js';
import { unavailable } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import { notAToken } from './bearer.js';
import { isEncoded, membersOf, segmentsOf } from './compact-token.js';
import type { SignatureEngine } from './engines/engine.js';
import type { FoundKey, KeySource } from './key-source.js';
import { rejected } from './reasons.js';
import { judgeClaims, type TokenExpectation } from './token-expectation.js';
import { type Algorithm, headerJudge } from './token-header.js';

export interface JudgeSettings {
  readonly keys: Pick<KeySource, 'find'>;
  readonly engine: SignatureEngine;
  /** Returns undefined until the issuer is known. */
  readonly expectation: () => TokenExpectation | undefined;
  readonly clock: Clock;
  /** The id of the key that signs webhooks, if known: no token may be signed with it. */
  readonly webhookKeyId?: string | undefined;
}

/**
 * Returns a function that judges an access token without FusionAuth; synchronous if the key is cached. The whole
 * content is checked before a key is looked up, so hostile tokens cost neither a signature check nor a fetch. It
 * returns `forbidden` only behind a valid signature.
 */
export function tokenJudge(settings: JudgeSettings): (token: string) => Awaitable<Verdict> {
  const { keys, engine, expectation, clock, webhookKeyId } = settings;
  const judgeHeader = headerJudge();
  return (text) => {
    const segments = segmentsOf(text);
    const header = segments && judgeHeader(segments.header);
    const claims = segments && membersOf(segments.claims);
    if (!header || !claims || !isEncoded(segments.signature)) return notAToken(text);
    const expected = expectation();
    if (!expected) return unavailable('discovery');
    if (typeof header === 'string') return rejected(header);
    const verdict = judgeClaims(claims, expected, clock);
    if (!verdict.ok && verdict.failure.kind === 'rejected') return verdict;
    if (header.kid === webhookKeyId) return rejected('webhook-key');
    return andThen(keys.find(header.kid), (found) => refusalBy(found, text, header.alg, engine) ?? verdict);
  };
}

/** Returns the refusal of a token whose signature the key does not verify; undefined if it does. */
function refusalBy(
  found: FoundKey,
  text: string,
  alg: Algorithm,
  engine: SignatureEngine,
): Verdict | undefined {
  if (found.kind === 'unavailable') return unavailable('key set');
  if (found.kind === 'unknown') return rejected('unknown-key');
  if (!found.key.algorithms.includes(alg)) return rejected('algorithm-of-key');
  if (!engine({ text, alg, key: found.key })) return rejected('signature');
  return undefined;
}

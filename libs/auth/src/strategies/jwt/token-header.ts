import { LRUCache } from 'lru-cache';
import { type Members, membersOf } from './compact-token.js';
import { forbiddenHeaders, type JwtReason } from './reasons.js';

/**
 * Algorithms that a token may name. Symmetric ones and `none` are never accepted; not every engine can verify EdDSA
 * and PS*.
 */
export const acceptedAlgorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'] as const;

export type Algorithm = (typeof acceptedAlgorithms)[number];

/** An acceptable header. */
export interface GoodHeader {
  readonly alg: Algorithm;
  readonly kid: string;
}

/** Maximum number of cached headers; an issuer has one for each key. */
const maxHeaders = 32;

/**
 * Returns a function that judges the header segment of a token. It returns the header, the reason for refusing it, or
 * undefined if it is not a header at all. All tokens of one key begin with the same segment, so acceptable ones are
 * cached.
 */
export function headerJudge(): (segment: string) => GoodHeader | JwtReason | undefined {
  const good = new LRUCache<string, GoodHeader>({ max: maxHeaders });
  return (segment) => {
    const before = good.get(segment);
    if (before) return before;
    const members = membersOf(segment);
    if (!members) return undefined;
    const judged = judgeHeader(members);
    if (typeof judged !== 'string') good.set(segment, judged);
    return judged;
  };
}

export function judgeHeader(header: Members): GoodHeader | JwtReason {
  const { typ, kid } = header;
  if (typeof header['alg'] === 'string' && header['alg'].startsWith('HS')) return 'symmetric-algorithm';
  const alg = acceptedAlgorithms.find((accepted) => accepted === header['alg']);
  if (!alg) return 'algorithm';
  const foreign = forbiddenHeaders.find((name) => Object.hasOwn(header, name));
  if (foreign) return `header-${foreign}`;
  if (typ !== undefined && !(typeof typ === 'string' && /^(?:application\/)?(?:at\+)?jwt$/i.test(typ)))
    return 'type';
  return typeof kid === 'string' && kid !== '' ? { alg, kid } : 'key-id';
}

import { andThen, type Awaitable } from './awaitable.js';
import { type Carrier, readerOf } from './carrier.js';
import type { RequestFacts } from './facts.js';
import { malformed, missing, type Refusal, unavailable } from './failure.js';
import type { CredentialStrategy, Verdict } from './strategy.js';

/** The verdict on a request and the strategy that gave it; `via` is undefined when no strategy was consulted. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly via?: string;
  /** Response headers about the client's limits, sent with every verdict. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Authenticates a request. Never throws; synchronous on a cache hit. */
export type Authenticate = (request: RequestFacts) => Awaitable<Outcome>;

/** Describes the presenter of a credential to the layers. */
export interface Caller {
  /** A hash that identifies the credential. */
  readonly id: string;
  readonly address: string;
  /** True if the credential was accepted before and not refused since: a flood of unknown ones must not delay it. */
  readonly known: boolean;
}

/** Verifies a credential, with the layers applied. */
export type Check<C> = (credential: C, caller: Caller) => Awaitable<Verdict>;

/** A strategy with its layers. */
export interface Guarded<C = unknown> {
  readonly strategy: CredentialStrategy<C>;
  /** Returns the cache key of a credential. The key reveals nothing about the credential. */
  readonly identify: (credential: C) => string;
  readonly check: Check<C>;
}

// RFC 6750 section 2.3 advises against tokens in the query; they end up in logs and histories.
const credentialInQuery = /[?&](?:access_token|id_token|token|jwt|api_?key)=/i;

function carriesCredential(url: string): boolean {
  if (!url.includes('?')) return false;
  if (credentialInQuery.test(url)) return true;
  // A name may be percent-encoded. Parsing costs ten times the check above, so parse only if there is something to
  // decode.
  const query = url.indexOf('?');
  if (!url.includes('%', query)) return false;
  const names = [...new URLSearchParams(url.slice(query)).keys()];
  return names.some((name) => credentialInQuery.test(`?${name}=`));
}

/** One carrier of one strategy. */
interface Look {
  readonly guarded: Guarded;
  readonly carrier: Carrier;
  readonly read: ReturnType<typeof readerOf>;
}

/**
 * Reads every carrier of every strategy. No credential is `missing`, more than one is `malformed`. The strategy whose
 * credential was found decides, finally: a credential that it refuses is never offered to another.
 */
export function askInOrder(among: readonly Guarded[]): Authenticate {
  const looks: readonly Look[] = among.flatMap((guarded) =>
    guarded.strategy.consumes.map((carrier) => ({ guarded, carrier, read: readerOf(carrier) })),
  );
  return (request) => {
    if (carriesCredential(request.url))
      return { verdict: malformed('A credential in the query is not accepted: send it in a header.') };

    let found: { readonly look: Look; readonly held: string | Refusal } | undefined;
    for (const look of looks) {
      const held = look.read(request);
      if (held === undefined) continue;
      if (found) return { verdict: malformed('More than one credential was presented: send exactly one.') };
      found = { look, held };
    }
    return found ? decide(found.look, found.held, request) : { verdict: missing() };
  };
}

function decide(
  { guarded, carrier }: Look,
  held: string | Refusal,
  request: RequestFacts,
): Awaitable<Outcome> {
  const { strategy, identify, check } = guarded;
  const via = strategy.name;
  const broken = (cause: unknown): Outcome => ({
    verdict: unavailable(via, { blame: 'ourselves', cause }),
    via,
  });
  try {
    const extracted = typeof held === 'string' ? strategy.extract(held, carrier, request) : held;
    if ('failure' in extracted) return { verdict: extracted, via };
    const { credential } = extracted;
    const caller = { id: identify(credential), address: request.address, known: false };
    const outcome = andThen(check(credential, caller), (verdict): Outcome => ({ verdict, via }));
    return outcome instanceof Promise ? outcome.catch(broken) : outcome;
  } catch (cause) {
    return broken(cause);
  }
}

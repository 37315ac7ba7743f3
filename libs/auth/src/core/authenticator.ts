import { andThen, type Awaitable } from './awaitable.js';
import { forbidden, malformed, missing, rejected, unavailable, type Refusal } from './failure.js';
import type { RequestFacts } from './request-facts.js';
import type { Check, Claim, CredentialStrategy, Verdict } from './strategy.js';

/** The verdict on a request, and the strategy that gave it; `via` is undefined when none was asked to verify. */
export interface Outcome {
  readonly verdict: Verdict;
  readonly via?: string;
  /** Response headers that tell the client where it stands, whatever the verdict. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Never throws; answers at once where the credential is known. */
export type Authenticate = (request: RequestFacts) => Awaitable<Outcome>;

/** A strategy with its layers. */
export interface Guarded<C = unknown> {
  readonly strategy: CredentialStrategy<C>;
  /** Names a credential to the layers; tells nothing of it. */
  readonly identify: (credential: C) => string;
  readonly check: Check<C>;
}

// RFC 6750 section 2.3 forbids tokens in the query; they end up in logs and histories.
const credentialInQuery = /[?&](?:access_token|id_token|token|jwt|api_?key)=/i;

function carriesCredential(url: string): boolean {
  if (!url.includes('?')) return false;
  if (credentialInQuery.test(url)) return true;
  // A name may be percent-encoded; parsing costs ten times the look above, so only where there is something to decode.
  const query = url.indexOf('?');
  if (!url.includes('%', query)) return false;
  const names = [...new URLSearchParams(url.slice(query)).keys()];
  return names.some((name) => credentialInQuery.test(`?${name}=`));
}

/**
 * Asks every strategy whether the request carries its credential. No claimant: missing. More than one: malformed. The
 * one claimant decides, finally: a credential that it refuses is never offered to another.
 */
export function askInOrder(guarded: readonly Guarded[]): Authenticate {
  return (request) => {
    if (carriesCredential(request.url)) {
      return { verdict: malformed('A credential in the query is not accepted: send it in a header.') };
    }
    let claimant: Guarded | undefined;
    let claim: Claim<unknown> = { kind: 'not-mine' };
    for (const candidate of guarded) {
      const next = candidate.strategy.claim(request);
      if (next.kind === 'not-mine') continue;
      if (claimant)
        return { verdict: malformed('More than one credential was presented: send exactly one.') };
      claimant = candidate;
      claim = next;
    }
    if (!claimant || claim.kind === 'not-mine') return { verdict: missing() };
    return claim.kind === 'claimed'
      ? decide(claimant, claim.credential, request)
      : { verdict: refusalOf(claim), via: claimant.strategy.name };
  };
}

function decide({ strategy, identify, check }: Guarded, credential: unknown, request: RequestFacts) {
  const via = strategy.name;
  const broken = (cause: unknown): Outcome => ({
    verdict: unavailable(via, { blame: 'ourselves', cause }),
    via,
  });
  try {
    const caller = { id: identify(credential), address: request.address, known: false };
    const outcome = andThen(check(credential, caller), (verdict): Outcome => ({ verdict, via }));
    return outcome instanceof Promise ? outcome.catch(broken) : outcome;
  } catch (cause) {
    return broken(cause);
  }
}

function refusalOf(claim: Exclude<Claim<unknown>, { kind: 'claimed' | 'not-mine' }>): Refusal {
  switch (claim.kind) {
    case 'malformed':
      return malformed(claim.detail);
    case 'rejected':
      return rejected(claim.reason);
    case 'forbidden':
      return forbidden(claim.reason, { code: claim.code });
  }
}

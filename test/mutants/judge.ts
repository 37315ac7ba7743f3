import type { Authenticator } from '../../libs/auth/src/build-authenticator.js';
import type { Principal } from '../../libs/auth/src/core/principal.js';
import type { HostileKind, LegalKind } from '../../tools/attack/src/corpus/kind.js';
import type { Presented } from '../../tools/attack/src/corpus/make.js';

/** A request of the corpus, made once and shown to every mutant. */
export interface Exhibit {
  readonly title: string;
  readonly presented: Presented;
  readonly route: HostileKind['route'];
  readonly hostile: boolean;
}

/** The guard's answer: the status and code that its caller would see, and the reason that only the log has. */
export interface Judgement {
  readonly status: number;
  readonly code: string | undefined;
  readonly reason: string | undefined;
  /** The identity that the guard assigns to the caller. */
  readonly principal?: Principal;
}

export const exhibit = (kind: HostileKind | LegalKind, presented: Presented): Exhibit => ({
  title: 'group' in kind ? `${kind.group}: ${kind.name}` : kind.name,
  presented,
  route: kind.route,
  hostile: 'group' in kind,
});

/** Calls the guard without HTTP; a route that requires a role uses the role check of every door. */
export async function judge(
  guard: Authenticator,
  { presented, route }: Exhibit,
  role: string,
): Promise<Judgement> {
  const { method = 'GET', headers, query } = presented;
  const { verdict } = await guard.authenticate({
    requestId: 'r',
    address: '127.0.0.1',
    method,
    url: query === undefined ? '/' : `/?${query}`,
    header: (name) => headers.filter(([one]) => one.toLowerCase() === name).map(([, value]) => value),
  });
  if (!verdict.ok) {
    const { status, code } = guard.answer(verdict.failure);
    return { status, code, reason: 'reason' in verdict.failure ? verdict.failure.reason : undefined };
  }
  // A mutant may omit the principal.
  const { principal } = verdict as { principal?: Principal };
  return route === 'role' && !principal?.roles.includes(role)
    ? { status: 403, code: 'insufficient_scope', reason: 'role' }
    : { status: 200, code: undefined, reason: undefined, ...(principal && { principal }) };
}

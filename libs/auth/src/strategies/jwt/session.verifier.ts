import type { SessionRecords } from '#gatehouse/fusionauth';
import type { Clock } from '#gatehouse/platform';
import { forbidden, rejected } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import type { Verdict } from '../../core/strategy.js';
import type { RemoteVerify } from './hints.js';
import { readCompactToken } from './compact-token.js';

export interface SessionVerifierSettings {
  readonly records: SessionRecords;
  readonly applicationId: string;
  readonly entityId?: string | undefined;
  readonly clock: Clock;
}

type Accepted = Verdict & { ok: true };

/**
 * The local rule, then FusionAuth's own records: the session that the token belongs to, the user with the roles of this
 * moment, the locks in force. The only mode that notices a log-out, a lock, a deactivation and a changed role at once.
 */
export function sessionVerifier(local: RemoteVerify, settings: SessionVerifierSettings): RemoteVerify {
  return async (token, signal, screened) => {
    const verdict = screened ?? (await local(token, signal));
    if (!verdict.ok) return verdict;
    if (verdict.principal.kind === 'machine') return confirmMachine(verdict, settings, signal);
    const sid = readCompactToken(token)?.claims['sid'];
    // FusionAuth writes `sid` only where a refresh token was issued: the client must ask for offline_access.
    return typeof sid === 'string' ? confirmUser(verdict, sid, settings, signal) : rejected('no-session');
  };
}

async function confirmUser(
  verdict: Accepted,
  sid: string,
  { records, applicationId, clock }: SessionVerifierSettings,
  signal: AbortSignal,
): Promise<Verdict> {
  const { subject } = verdict.principal;
  const [session, user, locks] = await Promise.all([
    records.session(sid, signal),
    records.user(subject, signal),
    records.locks(subject, signal),
  ]);
  if (session?.userId !== subject || session.applicationId !== applicationId)
    return rejected('session-revoked');
  if (!user?.active || (user.expiry !== undefined && user.expiry <= clock()))
    return rejected('user-inactive');
  const locked = locks.some(({ applicationIds: only }) => only.length === 0 || only.includes(applicationId));
  if (locked) return rejected('locked');
  const registration = user.registrations.find((one) => one.applicationId === applicationId);
  return registration ? withRoles(verdict, registration.roles) : forbidden('not-registered');
}

/** A machine has no session: its entity must exist, and it keeps those of its permissions that are still granted. */
async function confirmMachine(
  verdict: Accepted,
  { records, entityId = '' }: SessionVerifierSettings,
  signal: AbortSignal,
): Promise<Verdict> {
  const { subject, roles } = verdict.principal;
  const [entity, grant] = await Promise.all([
    records.entity(subject, signal),
    records.grant(entityId, subject, signal),
  ]);
  if (!entity || !grant) return rejected('grant-revoked');
  return withRoles(
    verdict,
    roles.filter((role) => grant.permissions.includes(role)),
  );
}

const withRoles = (verdict: Accepted, roles: readonly string[]): Verdict => {
  const principal: Principal = { ...verdict.principal, roles };
  return { ...verdict, principal };
};

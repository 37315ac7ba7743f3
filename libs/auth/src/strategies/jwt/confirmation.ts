import type { FusionAuthData, SessionRecords } from '#gatehouse/fusionauth';
import type { Clock } from '#gatehouse/platform';
import type { Acceptance, Verdict } from '../../core/strategy.js';
import { forbidden, rejected } from './reasons.js';

/** Has FusionAuth confirm a token that was accepted offline. */
export type Confirm = (token: string, signal: AbortSignal, judged: Acceptance) => Promise<Verdict>;

/**
 * Asks FusionAuth whether the token is active. FusionAuth does not document that introspection notices a log-out or a
 * locked user; if you need that, use the session mode.
 */
export const byIntrospection =
  (introspect: FusionAuthData['introspect']): Confirm =>
  async (token, signal, judged) => {
    const active = await introspect(token, judged.principal.kind, signal);
    if (!active) return rejected('inactive');
    return judged;
  };

interface SessionSettings {
  readonly records: SessionRecords;
  readonly applicationId: string;
  readonly entityId?: string | undefined;
  readonly clock: Clock;
}

/**
 * Checks FusionAuth's own records: the session that the token belongs to, the user with the current roles, and active
 * locks. The only mode that notices a log-out, a lock, a deactivation and a changed role immediately.
 */
export const bySession =
  (settings: SessionSettings): Confirm =>
  (_token, signal, judged) =>
    judged.principal.kind === 'machine'
      ? confirmMachine(judged, settings, signal)
      : confirmUser(judged, settings, signal);

async function confirmUser(
  verdict: Acceptance,
  { records, applicationId, clock }: SessionSettings,
  signal: AbortSignal,
): Promise<Verdict> {
  const { subject, sessionId } = verdict.principal;
  // FusionAuth writes `sid` only if a refresh token was issued: the client must request offline_access.
  if (sessionId === undefined) return rejected('no-session');
  const [session, user, locks] = await Promise.all([
    records.session(sessionId, signal),
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
  if (!registration) return forbidden('not-registered');
  return withRoles(verdict, registration.roles);
}

/**
 * Confirms a machine, which has no session: its entity must exist, and it keeps those of its permissions that are
 * still granted.
 */
async function confirmMachine(
  verdict: Acceptance,
  { records, entityId = '' }: SessionSettings,
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

const withRoles = (verdict: Acceptance, roles: readonly string[]): Verdict => ({
  ...verdict,
  principal: { ...verdict.principal, roles },
});

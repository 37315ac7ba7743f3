import type { WebhookEvent } from '#gatehouse/fusionauth';
import type { RevocationTarget } from './revocation.js';

/** The tenant and application that the guard protects. */
export interface Ours {
  readonly tenantId: string;
  readonly applicationId: string;
}

/** The consequence of an event. */
export type Consequence =
  | RevocationConsequence
  /** The key set may have changed. */
  | 'refresh-keys'
  /** It concerns another tenant or application. */
  | 'foreign'
  /** It does not affect valid access tokens. */
  | 'irrelevant';

export interface RevocationConsequence {
  readonly target: RevocationTarget;
  /** Only if this action of FusionAuth prevents log-in. */
  readonly ifActionPreventsLogin?: string;
}

/** Returns the consequence of an event that concerns tokens. Its signature must have been verified. */
export function consequenceOf(event: KnownEvent, ours: Ours): Consequence {
  // FusionAuth may omit the tenant; then only the signature shows that the event is ours.
  if (event.tenantId !== undefined && event.tenantId !== ours.tenantId) return 'foreign';
  switch (event.type) {
    case 'jwt.refresh-token.revoke':
      return ofRevokedTokens(event, ours);
    case 'user.deactivate':
    case 'user.delete':
      return { target: { kind: 'user', userId: event.userId } };
    case 'user.registration.delete':
    case 'user.registration.update':
      return ofRegistration(event, ours);
    case 'user.action':
      return ofAction(event, ours);
    case 'jwt.public-key.update':
      return concerns(event.applicationIds, ours) ? 'refresh-keys' : 'foreign';
  }
}

type KnownEvent = Exclude<WebhookEvent, { readonly type: 'other' }>;
type RegistrationEvent = Extract<WebhookEvent, { readonly type: `user.registration.${string}` }>;
type EventOf<Type extends WebhookEvent['type']> = Extract<WebhookEvent, { readonly type: Type }>;

/**
 * Handles the revocation of one refresh token, of those of a user, of a user in one application, or of an
 * application. An SSO session is a refresh token without an application.
 */
function ofRevokedTokens(event: EventOf<'jwt.refresh-token.revoke'>, ours: Ours): Consequence {
  const { refreshTokenId: sessionId, userId, applicationId, applicationIds } = event;
  if (!concerns(applicationId === undefined ? applicationIds : [applicationId], ours)) return 'foreign';
  if (sessionId !== undefined) return { target: { kind: 'session', sessionId } };
  if (applicationId === undefined)
    return userId === undefined ? 'irrelevant' : { target: { kind: 'user', userId } };

  return {
    target:
      userId === undefined
        ? { kind: 'application', applicationId }
        : { kind: 'registration', userId, applicationId },
  };
}

function ofRegistration(event: RegistrationEvent, ours: Ours): Consequence {
  const { userId, applicationId } = event;
  if (applicationId !== ours.applicationId) return 'foreign';
  return { target: { kind: 'registration', userId, applicationId } };
}

/**
 * Handles a user action. Its end restores nothing: tokens issued before its start stay revoked, and new ones are
 * valid. An action that is limited to applications does not affect guards of other applications, which may share our
 * revocations.
 */
function ofAction(event: EventOf<'user.action'>, ours: Ours): Consequence {
  const { userId, actionId, phase, applicationIds } = event;
  if (!concerns(applicationIds, ours)) return 'foreign';
  if (phase !== 'start' && phase !== 'modify') return 'irrelevant';
  const { applicationId } = ours;
  const target: RevocationTarget =
    applicationIds.length === 0 ? { kind: 'user', userId } : { kind: 'registration', userId, applicationId };
  return { target, ifActionPreventsLogin: actionId };
}

/** Tells whether our application is named; an empty list means all applications. */
const concerns = (applicationIds: readonly string[], { applicationId }: Ours): boolean =>
  applicationIds.length === 0 || applicationIds.includes(applicationId);

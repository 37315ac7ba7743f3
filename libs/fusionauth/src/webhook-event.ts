import { z } from 'zod';

/** The members of every event that concerns access tokens. Ids are in lower case. */
interface Common {
  readonly id: string;
  /** Milliseconds since the epoch by FusionAuth's clock, when the event was created; the change is stored later. */
  readonly createInstant: number;
  /** Undefined if the event does not name it: FusionAuth documents it as optional. */
  readonly tenantId: string | undefined;
}

/**
 * Refresh tokens were revoked. The members of the event tell which: one (`refreshTokenId`), all of a user, those of a
 * user in one application, or all of an application.
 */
export interface RefreshTokenRevokeEvent extends Common {
  readonly type: 'jwt.refresh-token.revoke';
  readonly refreshTokenId: string | undefined;
  readonly userId: string | undefined;
  readonly applicationId: string | undefined;
  /** The applications whose access tokens are concerned (`applicationTimeToLiveInSeconds`); empty if absent. */
  readonly applicationIds: readonly string[];
}

export interface UserEvent extends Common {
  readonly type: 'user.deactivate' | 'user.delete';
  readonly userId: string;
}

/** An action was applied to a user. Whether it prevents log-in is a property of the action, not of the event. */
export interface UserActionEvent extends Common {
  readonly type: 'user.action';
  readonly userId: string;
  readonly actionId: string;
  readonly phase: 'start' | 'modify' | 'cancel' | 'end';
  /** Empty for an action on the user in all applications. */
  readonly applicationIds: readonly string[];
}

export interface RegistrationEvent extends Common {
  readonly type: 'user.registration.delete' | 'user.registration.update';
  readonly userId: string;
  readonly applicationId: string;
}

export interface PublicKeyUpdateEvent extends Common {
  readonly type: 'jwt.public-key.update';
  /** Empty if the event names none. */
  readonly applicationIds: readonly string[];
}

/** An event that does not concern access tokens. */
export interface OtherEvent {
  readonly type: 'other';
  readonly name: string;
}

/** A FusionAuth event without personal data: no names, addresses or tokens. */
export type WebhookEvent =
  | RefreshTokenRevokeEvent
  | UserEvent
  | UserActionEvent
  | RegistrationEvent
  | PublicKeyUpdateEvent
  | OtherEvent;

/** The types of event that concern access tokens. */
export type WebhookEventType = Exclude<WebhookEvent['type'], 'other'>;

/** The types of event that concern access tokens and the keys that verify them. */
export const webhookEventTypes: readonly WebhookEventType[] = [
  'jwt.refresh-token.revoke',
  'user.deactivate',
  'user.delete',
  'user.action',
  'user.registration.delete',
  'user.registration.update',
  'jwt.public-key.update',
];

const id = z.guid().transform((text) => text.toLowerCase());
const optionalId = id.nullish().transform((given) => given ?? undefined);
const ids = z
  .array(id)
  .nullish()
  .transform((given) => given ?? []);
const user = z.object({ id, tenantId: optionalId });
const common = { id, createInstant: z.int().nonnegative(), tenantId: optionalId };

const named = z.object({ event: z.object({ type: z.string().min(1) }) });

const revoke = z.object({
  ...common,
  type: z.literal('jwt.refresh-token.revoke'),
  refreshToken: z.object({ id }).nullish(),
  userId: optionalId,
  user: user.nullish(),
  applicationId: optionalId,
  applicationTimeToLiveInSeconds: z.record(id, z.unknown()).nullish(),
});
const ofUser = z.object({ ...common, type: z.enum(['user.deactivate', 'user.delete']), user });
/** FusionAuth's sample uses `actioneeId`; its table of fields and its clients use `actioneeUserId`. */
const action = z.object({
  ...common,
  type: z.literal('user.action'),
  actioneeUserId: id,
  actionId: id,
  phase: z.enum(['start', 'modify', 'cancel', 'end']),
  applicationIds: ids,
});
const registration = z.object({
  ...common,
  type: z.enum(['user.registration.delete', 'user.registration.update']),
  applicationId: id,
  user,
});
const publicKey = z.object({ ...common, type: z.literal('jwt.public-key.update'), applicationIds: ids });

const known = z.object({
  event: z.discriminatedUnion('type', [revoke, ofUser, action, registration, publicKey]),
});
type Known = z.infer<typeof known>['event'];

const knownTypes: ReadonlySet<string> = new Set(webhookEventTypes);

/**
 * Reads the JSON value of a webhook's body, or of an entry of the event log: `{"event":{…}}`. Undefined if it is not
 * an event, or lacks a member that its type requires. Unknown members are ignored.
 */
export function readWebhookEvent(value: unknown): WebhookEvent | undefined {
  const name = named.safeParse(value).data?.event.type;
  if (name === undefined) return undefined;
  if (!knownTypes.has(name)) return { type: 'other', name };
  const event = known.safeParse(value).data?.event;
  return event && typed(event);
}

function typed(event: Known): WebhookEvent | undefined {
  const { id, createInstant } = event;
  const owner = 'user' in event ? event.user : undefined;
  const about = { id, createInstant, tenantId: event.tenantId ?? owner?.tenantId };
  switch (event.type) {
    case 'jwt.refresh-token.revoke':
      return revocation(event, about);
    case 'user.deactivate':
    case 'user.delete':
      return { ...about, type: event.type, userId: event.user.id };
    case 'user.action': {
      const { type, actionId, phase, applicationIds } = event;
      return { ...about, type, userId: event.actioneeUserId, actionId, phase, applicationIds };
    }
    case 'user.registration.delete':
    case 'user.registration.update':
      return { ...about, type: event.type, userId: event.user.id, applicationId: event.applicationId };
    case 'jwt.public-key.update':
      return { ...about, type: event.type, applicationIds: event.applicationIds };
  }
}

/** Returns undefined for an event that names neither token, user nor application, which has no consequence. */
function revocation(event: z.infer<typeof revoke>, about: Common): RefreshTokenRevokeEvent | undefined {
  const refreshTokenId = event.refreshToken?.id;
  // Without its user, a user's event would revoke the tokens of the whole application.
  const userId = event.userId ?? event.user?.id;
  const { type, applicationId } = event;
  if ((refreshTokenId ?? userId ?? applicationId) === undefined) return undefined;
  const applicationIds = Object.keys(event.applicationTimeToLiveInSeconds ?? {});
  return { ...about, type, refreshTokenId, userId, applicationId, applicationIds };
}

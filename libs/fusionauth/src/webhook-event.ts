import { z } from 'zod';

const id = z.guid().transform((text) => text.toLowerCase());
const optionalId = id.nullish().transform((given) => given ?? undefined);
const ids = z
  .array(id)
  .nullish()
  .transform((given) => given ?? []);
const user = z.object({ id, tenantId: optionalId });

/** The members of every event that concerns access tokens. Ids are in lower case. */
const common = {
  id,
  /** Milliseconds since the epoch by FusionAuth's clock, when the event was created; the change is stored later. */
  createInstant: z.int().nonnegative(),
  /** Undefined if neither the event nor its user names it: FusionAuth documents it as optional. */
  tenantId: optionalId,
};

/**
 * Refresh tokens were revoked. The members of the event tell which: one (`refreshTokenId`), all of a user, those of a
 * user in one application, or all of an application. An event that names none of these has no consequence.
 */
const revoke = z
  .object({
    ...common,
    type: z.literal('jwt.refresh-token.revoke'),
    refreshToken: z.object({ id }).nullish(),
    userId: optionalId,
    user: user.nullish(),
    applicationId: optionalId,
    applicationTimeToLiveInSeconds: z.record(id, z.unknown()).nullish(),
  })
  .transform(({ refreshToken, user: owner, applicationTimeToLiveInSeconds, ...event }) => ({
    ...event,
    tenantId: event.tenantId ?? owner?.tenantId,
    refreshTokenId: refreshToken?.id,
    // Without its user, a user's event would revoke the tokens of the whole application.
    userId: event.userId ?? owner?.id,
    /** The applications whose access tokens are concerned; empty if absent. */
    applicationIds: Object.keys(applicationTimeToLiveInSeconds ?? {}),
  }))
  .refine((event) => (event.refreshTokenId ?? event.userId ?? event.applicationId) !== undefined);

const ofUser = z
  .object({ ...common, type: z.enum(['user.deactivate', 'user.delete']), user })
  .transform(withOwner);

/**
 * An action was applied to a user. Whether it prevents log-in is a property of the action, not of the event. FusionAuth's
 * sample uses `actioneeId`; its table of fields and its clients use `actioneeUserId`.
 */
const action = z
  .object({
    ...common,
    type: z.literal('user.action'),
    actioneeUserId: id,
    actionId: id,
    phase: z.enum(['start', 'modify', 'cancel', 'end']),
    /** Empty for an action on the user in all applications. */
    applicationIds: ids,
  })
  .transform(({ actioneeUserId: userId, ...event }) => ({ ...event, userId }));

const registration = z
  .object({
    ...common,
    type: z.enum(['user.registration.delete', 'user.registration.update']),
    applicationId: id,
    user,
  })
  .transform(withOwner);

/** The signing keys of applications have changed: of those that the event names, or of unknown ones. */
const publicKey = z.object({ ...common, type: z.literal('jwt.public-key.update'), applicationIds: ids });

function withOwner<Event extends { tenantId: string | undefined; user: z.output<typeof user> }>({
  user: owner,
  ...event
}: Event) {
  return { ...event, tenantId: event.tenantId ?? owner.tenantId, userId: owner.id };
}

const named = z.object({ event: z.object({ type: z.string().min(1) }) });
const known = z.object({
  event: z.discriminatedUnion('type', [revoke, ofUser, action, registration, publicKey]),
});
type Known = Readonly<z.output<typeof known>['event']>;

/** A FusionAuth event without personal data: no names, addresses or tokens. `other` does not concern access tokens. */
export type WebhookEvent = Known | { readonly type: 'other'; readonly name: string };

/** The types of event that concern access tokens. */
export type WebhookEventType = Known['type'];

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
const knownTypes: ReadonlySet<string> = new Set(webhookEventTypes);

/**
 * Reads the JSON value of a webhook's body, or of an entry of the event log: `{"event":{…}}`. Undefined if it is not
 * an event, or lacks a member that its type requires. Unknown members are ignored.
 */
export function readWebhookEvent(value: unknown): WebhookEvent | undefined {
  const name = named.safeParse(value).data?.event.type;
  if (name === undefined || knownTypes.has(name)) return known.safeParse(value).data?.event;
  return { type: 'other', name };
}

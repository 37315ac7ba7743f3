import type { Access } from '../operations/operation.js';
import type { StoredRecord } from '../state/state.js';

/** A kind of thing that affects no token: it is stored as sent, and has no effect. */
export interface Kind {
  /** The path of its operations, `/api/email/template` for example. */
  readonly path: string;
  /** The member that contains one of this kind in bodies; with an s, the member that contains several. */
  readonly one: string;
  readonly access: Access;
  /** The fields that FusionAuth documents as required. */
  readonly required: readonly string[];
  /** The member whose value must be unique within the kind. */
  readonly unique: string;
  /** The allowed values of the member `type`. */
  readonly types?: readonly string[];
  /** The members that a search may use; without them there is no search. */
  readonly searchBy?: readonly string[];
  /** References to other stored things, by member; these must exist. */
  readonly refers?: Readonly<Record<string, string>>;
  /** True where FusionAuth has no operation that lists all of this kind. */
  readonly unlisted?: true;
  /** Those that every new instance of FusionAuth has, which cannot be changed; here without their content. */
  readonly shipped?: readonly { readonly id: string; readonly name: string; readonly type: string }[];
}

const usual = { access: 'global-api-key', required: ['name'], unique: 'name' } as const;

const identityProviderTypes = [
  'Apple',
  'EpicGames',
  'ExternalJWT',
  'Facebook',
  'Google',
  'HYPR',
  'LinkedIn',
  'Nintendo',
  'OpenIDConnect',
  'SAMLv2',
  'SAMLv2IdPInitiated',
  'SonyPSN',
  'Steam',
  'Twitch',
  'Twitter',
  'Xbox',
];

export const kinds: readonly Kind[] = [
  {
    ...usual,
    path: '/api/theme',
    one: 'theme',
    types: ['advanced', 'simple'],
    searchBy: ['name', 'type'],
    shipped: [
      { id: '75a068fd-e94b-451a-9aeb-3ddb9a3b5987', name: 'FusionAuth', type: 'advanced' },
      { id: '3c717291-5d83-4014-bd51-97c76475dc86', name: 'FusionAuth Simple', type: 'simple' },
    ],
  },
  {
    ...usual,
    path: '/api/email/template',
    one: 'emailTemplate',
    required: ['name', 'defaultSubject', 'defaultHtmlTemplate', 'defaultTextTemplate'],
    searchBy: ['name'],
  },
  {
    ...usual,
    path: '/api/message/template',
    one: 'messageTemplate',
    required: ['name', 'type', 'defaultTemplate'],
    types: ['SMS', 'Voice'],
  },
  {
    ...usual,
    path: '/api/messenger',
    one: 'messenger',
    required: ['name', 'type'],
    types: ['Generic', 'Kafka', 'Twilio'],
  },
  {
    ...usual,
    path: '/api/connector',
    one: 'connector',
    required: ['name', 'type'],
    types: ['FusionAuth', 'Generic', 'LDAP'],
    shipped: [{ id: 'e3306678-a53a-4964-9040-1c96f36dda72', name: 'FusionAuth', type: 'FusionAuth' }],
  },
  {
    ...usual,
    path: '/api/form',
    one: 'form',
    required: ['name', 'steps'],
    types: ['adminRegistration', 'adminUser', 'registration', 'selfServiceUser'],
  },
  {
    ...usual,
    path: '/api/form/field',
    one: 'field',
    types: ['bool', 'consent', 'date', 'email', 'number', 'phoneNumber', 'string'],
    refers: { consentId: '/api/consent' },
  },
  {
    ...usual,
    path: '/api/consent',
    one: 'consent',
    access: 'api-key',
    required: ['name', 'defaultMinimumAgeForSelfConsent'],
    searchBy: ['name'],
    refers: { consentEmailTemplateId: '/api/email/template' },
  },
  {
    ...usual,
    path: '/api/identity-provider',
    one: 'identityProvider',
    access: 'api-key',
    required: ['type'],
    types: identityProviderTypes,
    searchBy: ['name', 'type', 'tenantId'],
  },
  {
    ...usual,
    path: '/api/ip-acl',
    one: 'ipAccessControlList',
    required: ['name', 'entries'],
    searchBy: ['name'],
    unlisted: true,
  },
  {
    ...usual,
    path: '/api/user-action-reason',
    one: 'userActionReason',
    required: ['code', 'text'],
    unique: 'code',
  },
];

/** Returns the key under which a thing is stored. */
export const keyOf = ({ path }: Pick<Kind, 'path'>, id: string): string => `${path}/${id}`;

const shippedKeys: ReadonlySet<string> = new Set(
  kinds.flatMap((kind) => (kind.shipped ?? []).map(({ id }) => keyOf(kind, id))),
);

/** Returns whether every new instance of FusionAuth has the thing with this key. */
export const isShipped = (key: string): boolean => shippedKeys.has(key);

/** Returns what a new instance of FusionAuth has, under its documented ids. */
export const shippedRecords = (now: number): Map<string, StoredRecord> =>
  new Map(
    kinds.flatMap((kind) =>
      (kind.shipped ?? []).map((thing) => {
        const key = keyOf(kind, thing.id);
        const item = { ...thing, insertInstant: now, lastUpdateInstant: now };
        return [key, { id: key, path: kind.path, item }];
      }),
    ),
  );

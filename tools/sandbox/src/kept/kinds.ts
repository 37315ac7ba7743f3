import type { Access } from '../operations/operation.js';

/** A kind of thing that affects no token: it is stored as sent, and has no effect. */
export interface Kind {
  /** The path of its operations, `/api/email/template` for example. */
  readonly path: string;
  /** The member that contains one of this kind in bodies, and the member that contains several. */
  readonly one: string;
  readonly all: string;
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
}

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
    path: '/api/theme',
    one: 'theme',
    all: 'themes',
    access: 'global-api-key',
    required: ['name'],
    unique: 'name',
    types: ['advanced', 'simple'],
    searchBy: ['name', 'type'],
  },
  {
    path: '/api/email/template',
    one: 'emailTemplate',
    all: 'emailTemplates',
    access: 'global-api-key',
    required: ['name', 'defaultSubject', 'defaultHtmlTemplate', 'defaultTextTemplate'],
    unique: 'name',
    searchBy: ['name'],
  },
  {
    path: '/api/message/template',
    one: 'messageTemplate',
    all: 'messageTemplates',
    access: 'global-api-key',
    required: ['name', 'type', 'defaultTemplate'],
    unique: 'name',
    types: ['SMS', 'Voice'],
  },
  {
    path: '/api/messenger',
    one: 'messenger',
    all: 'messengers',
    access: 'global-api-key',
    required: ['name', 'type'],
    unique: 'name',
    types: ['Generic', 'Kafka', 'Twilio'],
  },
  {
    path: '/api/connector',
    one: 'connector',
    all: 'connectors',
    access: 'global-api-key',
    required: ['name', 'type'],
    unique: 'name',
    types: ['FusionAuth', 'Generic', 'LDAP'],
  },
  {
    path: '/api/form',
    one: 'form',
    all: 'forms',
    access: 'global-api-key',
    required: ['name', 'steps'],
    unique: 'name',
    types: ['adminRegistration', 'adminUser', 'registration', 'selfServiceUser'],
  },
  {
    path: '/api/form/field',
    one: 'field',
    all: 'fields',
    access: 'global-api-key',
    required: ['name'],
    unique: 'name',
    types: ['bool', 'consent', 'date', 'email', 'number', 'phoneNumber', 'string'],
    refers: { consentId: '/api/consent' },
  },
  {
    path: '/api/consent',
    one: 'consent',
    all: 'consents',
    access: 'api-key',
    required: ['name', 'defaultMinimumAgeForSelfConsent'],
    unique: 'name',
    searchBy: ['name'],
    refers: { consentEmailTemplateId: '/api/email/template' },
  },
  {
    path: '/api/identity-provider',
    one: 'identityProvider',
    all: 'identityProviders',
    access: 'api-key',
    required: ['type'],
    unique: 'name',
    types: identityProviderTypes,
    searchBy: ['name', 'type', 'tenantId'],
  },
  {
    path: '/api/ip-acl',
    one: 'ipAccessControlList',
    all: 'ipAccessControlLists',
    access: 'global-api-key',
    required: ['name', 'entries'],
    unique: 'name',
    searchBy: ['name'],
    unlisted: true,
  },
  {
    path: '/api/user-action-reason',
    one: 'userActionReason',
    all: 'userActionReasons',
    access: 'global-api-key',
    required: ['code', 'text'],
    unique: 'code',
  },
];

import type { Access } from '../operations/operation.js';

/** A kind of thing that an instance holds and that steers no token: it is kept as it was sent, and has no effect. */
export interface Kind {
  /** Where its operations are, `/api/email/template` for example. */
  readonly path: string;
  /** The member that holds one of it in bodies, and the one that holds several. */
  readonly one: string;
  readonly all: string;
  readonly access: Access;
  /** What FusionAuth documents as required; without these it refuses. */
  readonly required: readonly string[];
  /** The member that no two of the kind may share. */
  readonly unique: string;
  /** The values that the member `type` takes. */
  readonly types?: readonly string[];
  /** The members that a search may name; without them there is no search. */
  readonly searchBy?: readonly string[];
  /** The ids of other kept things that it names, by member: these must exist. */
  readonly refers?: Readonly<Record<string, string>>;
  /** FusionAuth has no operation that lists all of it. */
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

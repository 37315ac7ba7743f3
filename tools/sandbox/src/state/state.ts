import type { PasswordHash } from '../users/password.js';
import type {
  ApiKey,
  Application,
  Entity,
  EntityGrant,
  EntityType,
  Family,
  Group,
  KeyAlgorithm,
  Lambda,
  LoginRecord,
  OAuthConfiguration,
  Registration,
  Tenant,
  User,
  UserAction,
  UserActionLog,
  Webhook,
  WebhookEventLog,
} from '../wire.js';

export type TenantRecord = Tenant & { id: string; name: string; issuer: string };

export interface KeyRecord {
  id: string;
  kid: string;
  name: string;
  algorithm: KeyAlgorithm;
  length?: number | undefined;
  insertInstant: number;
  /** PKCS #8 PEM of an asymmetric key. */
  privateKey?: string | undefined;
  /** Base64 of an HMAC secret. */
  secret?: string | undefined;
  /** Represents the client secret of the application that signs with it. */
  shadow?: boolean;
  /** Omitted from the key set although it still signs: a withdrawn key, as a verifier sees it. */
  withdrawn?: boolean;
}

export type ApplicationRecord = Application & {
  id: string;
  name: string;
  tenantId: string;
  oauthConfiguration: OAuthConfiguration;
};

export type RegistrationRecord = Registration & { id: string; applicationId: string; roles: string[] };

/** `user` is what the API returns; the password hash is stored beside it. */
export interface UserRecord {
  id: string;
  tenantId: string;
  user: Omit<User, 'registrations'> & { id: string; active: boolean; registrations: RegistrationRecord[] };
  password?: PasswordHash;
  /** The number of consecutive failed log-ins, and the time of the last one (ms). */
  failedLogins?: { count: number; lastInstant: number };
}

/** The definition of an action, a lock for example. */
export type UserActionRecord = UserAction & { id: string; name: string };
/** An action taken on a user. */
export type UserActionLogRecord = UserActionLog & {
  id: string;
  actioneeUserId: string;
  userActionId: string;
};

export type EntityTypeRecord = EntityType & { id: string; name: string };
export type EntityRecord = Omit<Entity, 'type'> & {
  id: string;
  name: string;
  tenantId: string;
  typeId: string;
  clientId: string;
  clientSecret: string;
};
/** The permissions of a user or an entity, the recipient, on an entity, the target. */
export type EntityGrantRecord = Omit<EntityGrant, 'entity'> & {
  id: string;
  targetId: string;
  permissions: string[];
};

export type FamilyRecord = Omit<Family, 'members'> & {
  id: string;
  tenantId: string;
  members: (NonNullable<Family['members']>[number] & { userId: string })[];
};
export type GroupRecord = Omit<Group, 'roles'> & {
  id: string;
  tenantId: string;
  roleIds?: string[] | undefined;
};
export type LambdaRecord = Lambda & { id: string; name: string; body: string };

export type ApiKeyRecord = ApiKey & {
  id: string;
  key: string;
  /** The times (ms) at which other nodes of a cluster notice the creation and the deletion. */
  effectiveAt: number;
  removedAt?: number;
};

export interface RefreshTokenRecord {
  /** Constant through rotation; the `sid` of access tokens. */
  id: string;
  token: string;
  /** The value before the last rotation, and the time (ms) until which it may still be exchanged. */
  previous?: { token: string; until: number };
  /** SHA-256 of every value ever rotated away, to detect reuse. */
  spent: string[];
  userId: string;
  applicationId: string;
  tenantId: string;
  scopes: string[];
  /** Missing in a file of an older version. */
  resources?: string[];
  gty: string[];
  /** The time of the log-in, in seconds since the epoch. */
  authTime: number;
  /** True if the code grant it came from proved a PKCE verifier. */
  pkce: boolean;
  /** Address of the log-in, when it is known. */
  address?: string;
  /** Instants in milliseconds. */
  startInstant: number;
  lastUsedInstant: number;
}

export type WebhookRecord = Webhook & {
  id: string;
  url: string;
  connectTimeout: number;
  readTimeout: number;
};
/** An event sent to webhooks, with the result of each attempt. */
export type WebhookEventLogRecord = WebhookEventLog & {
  id: string;
  sequence: number;
  insertInstant: number;
  failedAttempts: number;
  successfulAttempts: number;
  attempts: NonNullable<WebhookEventLog['attempts']>;
};

/** An accepted log-in. */
export type LoginRecordRecord = LoginRecord & {
  id: string;
  instant: number;
  userId: string;
  tenantId: string;
};

/** A thing that affects no token, as it was sent. */
export interface StoredRecord {
  /** The path of its kind, followed by its id where there may be several. */
  id: string;
  path: string;
  item: Readonly<Record<string, unknown>>;
}

/** Everything that survives a restart of an instance. */
export interface State {
  /** Identifies the kickstart file that set this instance up. */
  kickstartDigest?: string;
  defaultTenantId: string;
  tenants: Map<string, TenantRecord>;
  keys: Map<string, KeyRecord>;
  applications: Map<string, ApplicationRecord>;
  users: Map<string, UserRecord>;
  families: Map<string, FamilyRecord>;
  groups: Map<string, GroupRecord>;
  lambdas: Map<string, LambdaRecord>;
  apiKeys: Map<string, ApiKeyRecord>;
  refreshTokens: Map<string, RefreshTokenRecord>;
  userActions: Map<string, UserActionRecord>;
  userActionLogs: Map<string, UserActionLogRecord>;
  entityTypes: Map<string, EntityTypeRecord>;
  entities: Map<string, EntityRecord>;
  entityGrants: Map<string, EntityGrantRecord>;
  webhooks: Map<string, WebhookRecord>;
  webhookEventLogs: Map<string, WebhookEventLogRecord>;
  loginRecords: Map<string, LoginRecordRecord>;
  /** The things that affect no token, by path and id. */
  kept: Map<string, StoredRecord>;
}

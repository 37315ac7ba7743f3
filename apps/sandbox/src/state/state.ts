import type {
  ApiKey,
  Application,
  Group,
  KeyAlgorithm,
  Lambda,
  OAuthConfiguration,
  Tenant,
  User,
  Registration,
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
  /** Left out of the key set although it still signs: what a verifier sees of a withdrawn key. */
  withdrawn?: boolean;
}

export type ApplicationRecord = Application & {
  id: string;
  name: string;
  tenantId: string;
  oauthConfiguration: OAuthConfiguration;
};

export type RegistrationRecord = Registration & { id: string; applicationId: string; roles: string[] };

/** `user` is what the API returns; the password hash stays beside it. */
export interface UserRecord {
  id: string;
  tenantId: string;
  user: Omit<User, 'registrations'> & { id: string; active: boolean; registrations: RegistrationRecord[] };
  password?: { salt: string; hash: string };
}

export type GroupRecord = Group & { id: string; tenantId: string };
export type LambdaRecord = Lambda & { id: string; name: string; body: string };

export type ApiKeyRecord = ApiKey & {
  id: string;
  key: string;
  /** Instants (ms) at which other nodes of a cluster notice the creation and the deletion. */
  effectiveAt: number;
  removedAt?: number;
};

export interface RefreshTokenRecord {
  /** Constant through rotation; the `sid` of access tokens. */
  id: string;
  token: string;
  /** The value before the last rotation, and until when (ms) it may still be exchanged. */
  previous?: { token: string; until: number };
  /** SHA-256 of every value ever rotated away, to recognise reuse. */
  spent: string[];
  userId: string;
  applicationId: string;
  tenantId: string;
  scopes: string[];
  gty: string[];
  /** Seconds since the epoch at which the person logged in. */
  authTime: number;
  /** The code grant it came from proved a PKCE verifier. */
  pkce: boolean;
  /** Instants in milliseconds. */
  startInstant: number;
  lastUsedInstant: number;
}

/** Everything an instance remembers over a restart. */
export interface State {
  /** Marks the kickstart file that set this instance up. */
  kickstartDigest?: string;
  defaultTenantId: string;
  tenants: Map<string, TenantRecord>;
  keys: Map<string, KeyRecord>;
  applications: Map<string, ApplicationRecord>;
  users: Map<string, UserRecord>;
  groups: Map<string, GroupRecord>;
  lambdas: Map<string, LambdaRecord>;
  apiKeys: Map<string, ApiKeyRecord>;
  refreshTokens: Map<string, RefreshTokenRecord>;
}

import type { Logger } from '#gatehouse/platform';
import type { ApiKeyRecord, State } from './state/state.js';
import type { Courier } from './webhooks/courier.js';

/** The settings that `/_sandbox/settings` changes. */
export interface Settings {
  /** Seconds until a created or deleted API key takes effect; FusionAuth caches for up to 60. */
  keyCacheDelaySeconds: number;
  /** Adds the claim `tty: "at"` to access tokens. */
  tty: boolean;
  /** Introspection and validation notice locks, log-outs and removals; FusionAuth reportedly does not. */
  strictIntrospection: boolean;
  /** When false, entities and client credentials, a paid feature, are refused. */
  licensed: boolean;
  /** Answers devices that poll with `slow_down`, which FusionAuth is not known to do. */
  slowDownDevices: boolean;
}

/** The log-in behind an authorization code, between the redirect and the token request; never written to disk. */
export interface AuthorizationCode {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly resources: readonly string[];
  readonly challenge?: string;
  readonly nonce?: string;
  /** The time of the log-in, in seconds since the epoch. */
  readonly authTime: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A device that waits for its approval, or was approved and has not fetched its tokens; never written to disk. */
export interface DeviceCode {
  readonly clientId: string;
  readonly tenantId: string;
  /** The code that the device shows, and that its owner types elsewhere. */
  readonly userCode: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** `authTime` in seconds since the epoch. */
  approval?: { readonly userId: string; readonly authTime: number };
}

/** The state and services that operations work on. */
export interface Instance {
  /** Replaced as a whole by a reset. */
  state: State;
  readonly codes: Map<string, AuthorizationCode>;
  readonly deviceCodes: Map<string, DeviceCode>;
  readonly settings: Settings;
  readonly log: Logger;
  /** Delivers events to webhooks. */
  readonly courier: Courier;
  /** Returns the time on the sandbox's own clock, in milliseconds since the epoch. */
  now(): number;
  /** Schedules a write to disk, for changes made outside a request. */
  changed(): void;
  /** Resolves when every change so far is on disk. */
  save(): Promise<void>;
}

/** One request as operations see it. */
export interface ApiRequest {
  readonly params: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  /** The fields of a form body; empty for other media types. */
  readonly form: URLSearchParams;
  /** The parsed JSON body; undefined for other media types. */
  readonly json: unknown;
  readonly mediaType: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** `http://host:port`, with the host that the caller used. */
  readonly baseUrl: string;
  /** The accepted API key, for operations that need one. */
  readonly apiKey?: ApiKeyRecord;
}

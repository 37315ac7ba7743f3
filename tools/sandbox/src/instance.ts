import type { Logger } from '#gatehouse/platform';
import type { ApiKeyRecord, State } from './state/state.js';
import type { Courier } from './webhooks/courier.js';

/** What `/_sandbox/settings` changes. */
export interface Settings {
  /** Seconds until a created or deleted API key takes effect; the real one caches for up to 60. */
  keyCacheDelaySeconds: number;
  /** Adds the claim `tty: "at"` to access tokens. */
  tty: boolean;
  /** Introspection and validation notice locks, log-outs and removals; the real ones are reported not to. */
  strictIntrospection: boolean;
  /** Without a licence, entities and client credentials, a paid feature, are refused. */
  licensed: boolean;
  /** Devices that poll are answered `slow_down`, which the real one is not known to do. */
  slowDownDevices: boolean;
}

/** What a code stands for between the redirect and the token request; never written to disk. */
export interface AuthorizationCode {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly userId: string;
  readonly scopes: readonly string[];
  readonly challenge?: string;
  readonly nonce?: string;
  /** Seconds since the epoch at which the person logged in. */
  readonly authTime: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** A device that waits for its approval, or was approved and has not fetched its tokens; never written to disk. */
export interface DeviceCode {
  readonly clientId: string;
  readonly tenantId: string;
  /** What the device shows, and its owner types elsewhere. */
  readonly userCode: string;
  readonly scopes: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  /** `authTime` in seconds since the epoch. */
  approval?: { readonly userId: string; readonly authTime: number };
}

/** What operations work on. */
export interface Instance {
  /** Replaced as a whole by a reset. */
  state: State;
  readonly codes: Map<string, AuthorizationCode>;
  readonly deviceCodes: Map<string, DeviceCode>;
  readonly settings: Settings;
  readonly log: Logger;
  /** Carries events to webhooks. */
  readonly courier: Courier;
  /** Milliseconds since the epoch on the sandbox's own clock. */
  now(): number;
  /** Has what was changed beside a request written to disk soon. */
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
  /** `http://host:port` as the caller addressed it. */
  readonly baseUrl: string;
  /** The API key that was accepted, for operations that need one. */
  readonly apiKey?: ApiKeyRecord;
}

/**
 * FusionAuth's API inside a test's own process: on a free port, with a clock and faults that the test controls.
 *
 * @example
 * ```ts
 * import { startSandbox } from 'gatehouse-sandbox';
 *
 * const sandbox = await startSandbox();
 * const ada = await sandbox.createUser({ roles: ['todo-reader'] });
 * const { accessToken } = await sandbox.logIn(ada);
 * // Point your API at sandbox.url and send it accessToken; then let the token expire without waiting:
 * sandbox.clock.advance(3_600_000);
 * await sandbox.stop();
 * ```
 *
 * @module gatehouse-sandbox
 */
// This file is compiled alone into the declarations of the package, so it imports nothing.

export interface SandboxOptions {
  /** By default 0, which picks a free port of 127.0.0.1. */
  readonly port?: number;
  /** Path of a FusionAuth kickstart file. By default one application and four users, described in the README. */
  readonly kickstart?: string;
  /**
   * Values of `#{ENV.NAME}` in the kickstart file; they take precedence over the environment of the process. A name
   * without a value gets 32 random bytes, see {@link Sandbox.secrets}.
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Stores the instance in the directory `sandbox` below this one. By default it lives in memory until `stop()`. */
  readonly dataDir?: string;
  /** The clock that the sandbox starts from, in milliseconds since 1970. By default `Date.now`. */
  readonly now?: () => number;
}

export interface Sandbox {
  /** `http://127.0.0.1:PORT`, without a trailing slash. */
  readonly url: string;
  /** The value in use of each `#{ENV.NAME}` in the kickstart file. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly faults: Faults;
  readonly requests: Requests;
  readonly webhooks: Webhooks;
  /** Quirks of FusionAuth; assign to change them. */
  readonly settings: Settings;

  /** Returns the application of the kickstart file; `id` is required where there are several. */
  application(id?: string): Promise<Application>;
  /** Creates a user who is registered for an application. */
  createUser(user?: NewUser): Promise<TestUser>;
  /** Returns the tokens that the authorization code grant gives this user, without going through a log-in page. */
  logIn(
    user: { readonly id: string; readonly applicationId?: string },
    options?: LogInOptions,
  ): Promise<Tokens>;
  createApiKey(key?: NewApiKey): Promise<{ readonly id: string; readonly key: string }>;
  /**
   * Calls FusionAuth's API in process with a key that may do everything. Resolves with the parsed body; rejects unless
   * the answer is 2xx. Faults do not affect these calls, and `requests` does not count them.
   */
  call(call: ApiCall): Promise<unknown>;

  /** Signs with a new key; the old one stays in the key set. `kid` is by default the key of the application. */
  rotateKey(kid?: string): Promise<{ readonly kid: string; readonly previousKid: string }>;
  /** Removes a key from the key set. */
  withdrawKey(kid: string): Promise<void>;
  /** Returns to the state that the kickstart file set up: no sessions, no faults, real time. */
  reset(): Promise<void>;
  /** Closes open connections and stops listening. */
  stop(): Promise<void>;
}

/** The clock that decides when tokens and codes expire. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  advance(byMs: number): void;
  set(instantMs: number): void;
  reset(): void;
}

export interface Fault {
  /** Milliseconds of real time to wait. Alone, it only delays: the operation then answers as usual. */
  readonly delayMs?: number;
  /** Answers with this status and an empty body. */
  readonly status?: number;
  /**
   * `hang` never answers, `reset` drops the connection before the work is done, `lost` after it; `garbage` is 200 with
   * broken JSON, `html` 200 with a page, `redirect` 302 to one.
   */
  readonly answer?: 'hang' | 'reset' | 'lost' | 'garbage' | 'html' | 'redirect';
  /** The number of requests to affect; by default all until cleared. */
  readonly times?: number;
}

export interface Faults {
  /** Replaces the fault of an operation, `POST /oauth2/token` for example; `*` means all operations. */
  set(operation: string, fault: Fault): void;
  /** Clears the fault of one operation, or all. */
  clear(operation?: string): void;
  list(): Readonly<Record<string, Fault>>;
}

export interface RequestEntry {
  /** Milliseconds since 1970 on the clock of the sandbox. */
  readonly at: number;
  /** `GET /api/user`, for example. */
  readonly operation: string;
  readonly path: string;
  readonly status?: number;
  readonly milliseconds?: number;
}

export interface Requests {
  /** The last thousand, oldest first. */
  list(): readonly RequestEntry[];
  count(operation: string): number;
  counts(): Readonly<Record<string, number>>;
  clear(): void;
}

export interface Delivery {
  readonly at: number;
  readonly eventId: string;
  /** `user.deactivate`, for example. */
  readonly type: string;
  readonly webhookId: string;
  readonly outcome: 'travelling' | 'answered' | 'failed' | 'lost';
  readonly status?: number;
}

/** The disturbances of events on their way to webhooks. Events go to loopback addresses only. */
export interface Webhooks {
  disturb(how: {
    readonly duplicate?: boolean;
    readonly lose?: boolean;
    readonly delayMs?: number;
    readonly times?: number;
  }): void;
  deliveries(): readonly Delivery[];
  /** Resolves when all events are delivered. */
  settled(): Promise<void>;
  clear(): void;
}

export interface Settings {
  /** Seconds until a created or deleted API key takes effect; FusionAuth caches for up to 60. */
  keyCacheDelaySeconds: number;
  /** Adds the claim `tty: "at"` to access tokens. */
  tty: boolean;
  /** Introspection and validation notice locks, log-outs and removals. */
  strictIntrospection: boolean;
  /** When false, entities and client credentials are refused. */
  licensed: boolean;
  /** Answers devices that poll with `slow_down`. */
  slowDownDevices: boolean;
}

export interface Application {
  /** Also the client id, and the audience of its access tokens. */
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  readonly clientSecret?: string;
  readonly roles: readonly string[];
}

export interface NewUser {
  /** By default a generated address at example.com. */
  readonly email?: string;
  /** By default random. */
  readonly password?: string;
  /** Roles of the application. */
  readonly roles?: readonly string[];
  readonly applicationId?: string;
  /** Further fields of FusionAuth's user: `{ fullName: 'Ada' }`, for example. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

export interface TestUser {
  readonly id: string;
  readonly email: string;
  readonly password: string;
  readonly applicationId: string;
  /** Present where the application has authentication tokens. */
  readonly authenticationToken?: string;
}

export interface LogInOptions {
  readonly applicationId?: string;
  /** By default `openid` and `offline_access`. */
  readonly scopes?: readonly string[];
}

export interface Tokens {
  readonly accessToken: string;
  readonly idToken?: string;
  readonly refreshToken?: string;
  readonly expiresInSeconds: number;
}

export interface NewApiKey {
  readonly name?: string;
  readonly tenantId?: string;
  /** Methods by endpoint: `{ '/api/user': ['GET'] }`. Without any, the key may do everything. */
  readonly permissions?: Readonly<Record<string, readonly string[]>>;
}

export interface ApiCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/api/user/ID`, for example. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Needed where there are several tenants. */
  readonly tenantId?: string;
}

/**
 * Starts a sandbox in this process and resolves when it listens. Rejects in production (`NODE_ENV`), for an unusable
 * kickstart file and for a port that is in use; the message says what to change.
 */
export declare function startSandbox(options?: SandboxOptions): Promise<Sandbox>;

export type StartSandbox = typeof startSandbox;

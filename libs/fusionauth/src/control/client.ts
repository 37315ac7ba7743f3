import { FusionAuthClient, type IRESTClient } from '@fusionauth/typescript-client';
import type { Secret } from '#gatehouse/platform';
import { FusionAuthDeclined, FusionAuthRefusedUs, FusionAuthUnavailable } from '../unavailable.js';

export interface ControlSettings {
  readonly url: string;
  readonly tenantId: string;
  readonly applicationId: string;
  /** A key that may do what is asked of this side: make API keys, users and entities. */
  readonly key: Secret;
  /** The variable that holds the key, for whoever has to correct it. */
  readonly keyName: string;
  /** The longest a call may take, in milliseconds; the official client itself would wait for ever. */
  readonly timeoutMilliseconds?: number;
}

/** The official client's answer; an empty body leaves `response` undefined. */
interface ClientAnswer<T> {
  readonly response: T;
  readonly statusCode?: number;
  readonly exception?: unknown;
}

/**
 * The official client with an end to its patience. `endpoint` names what the key must be permitted, in FusionAuth's own
 * words. Throws {@link FusionAuthRefusedUs} on 401, {@link FusionAuthDeclined} on 400, and otherwise
 * {@link FusionAuthUnavailable}.
 */
export interface ControlClient {
  readonly client: FusionAuthClient;
  /** For calls whose answer says nothing beyond its status. */
  readonly done: (endpoint: string, call: Promise<ClientAnswer<unknown>>) => Promise<void>;
  /** For calls that must answer with a body. */
  readonly answered: <T>(endpoint: string, call: Promise<ClientAnswer<T>>) => Promise<T>;
  /** For calls about something that need not exist: undefined on 404. */
  readonly found: <T>(endpoint: string, call: Promise<ClientAnswer<T>>) => Promise<T | undefined>;
  /** For deletions: what is gone already is gone. */
  readonly gone: (endpoint: string, call: Promise<ClientAnswer<unknown>>) => Promise<void>;
}

const nothing = { response: undefined as never };

export function controlClient(settings: ControlSettings): ControlClient {
  const { url, tenantId, key, keyName, timeoutMilliseconds = 5_000 } = settings;
  // Every call names the tenant: with several of them FusionAuth answers 400 [TenantIdRequired] to some that do not.
  const client = new FusionAuthClient(key.reveal(), url, tenantId);
  const { clientBuilder } = client;
  client.clientBuilder = { build: (host) => timed(clientBuilder.build(host), timeoutMilliseconds) };

  const ask = asking(keyName);
  return {
    client,
    async done(endpoint, call) {
      await ask(endpoint, call, false);
    },
    answered: async (endpoint, call) => bodyOf(endpoint, (await ask(endpoint, call, false)) ?? nothing),
    async found(endpoint, call) {
      const answer = await ask(endpoint, call, true);
      return answer && bodyOf(endpoint, answer);
    },
    async gone(endpoint, call) {
      await ask(endpoint, call, true);
    },
  };
}

/** The answer; undefined on 404 where `absent` allows for it. */
const asking =
  (keyName: string) =>
  async <T>(endpoint: string, call: Promise<ClientAnswer<T>>, absent: boolean) => {
    const started = performance.now();
    try {
      return await call;
    } catch (error) {
      const { statusCode: status, exception } = error as Partial<ClientAnswer<T>>;
      if (absent && status === 404) return undefined;
      if (status === 401) throw new FusionAuthRefusedUs(endpoint, keyName);
      if (status === 400) throw new FusionAuthDeclined(endpoint, codesOf(exception));
      const cause = status === undefined ? (exception ?? error) : undefined;
      const milliseconds = performance.now() - started;
      throw new FusionAuthUnavailable(endpoint, { status, milliseconds, cause });
    }
  };

function bodyOf<T>(endpoint: string, { response, statusCode }: ClientAnswer<T>): T {
  // Something that answers 200 without JSON is not FusionAuth.
  if (response) return response;
  throw new FusionAuthUnavailable(endpoint, { status: statusCode, milliseconds: 0 });
}

function timed<R, E>(request: IRESTClient<R, E>, milliseconds: number): IRESTClient<R, E> {
  const go = request.go.bind(request);
  return Object.assign(request, { go: () => within(milliseconds, go()) });
}

/** The client cannot be told to stop, so its late answer is left to nobody. */
function within<T>(milliseconds: number, answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DOMException('no answer in time', 'TimeoutError')), milliseconds);
  });
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}

interface Coded {
  readonly code?: unknown;
}

/** The codes of FusionAuth's Errors object; its messages may quote what was sent. */
function codesOf(body: unknown): string[] {
  const {
    fieldErrors = {},
    generalErrors = [],
    error_reason: reason,
  } = (body ?? {}) as {
    fieldErrors?: Record<string, readonly Coded[]>;
    generalErrors?: readonly Coded[];
    error_reason?: unknown;
  };
  const codes = [...Object.values(fieldErrors).flat(), ...generalErrors].map(({ code }) => code);
  return [...codes, reason].filter((code) => typeof code === 'string');
}

import { type Dispatcher, EnvHttpProxyAgent, errors, Pool } from 'undici';
import { type Secret, usesProxies } from '#gatehouse/platform';
import { FusionAuthUnavailable } from './unavailable.js';

export interface FusionAuthDataSettings {
  /** Base URL of FusionAuth. */
  readonly url: string;
  readonly tenantId: string;
  readonly applicationId: string;
  /** The longest a call may take, including its answer, in milliseconds. */
  readonly deadlineMs: number;
  /** Needed for introspection unless the application's client authentication policy does not require one. */
  readonly clientSecret?: Secret | undefined;
  /** Our own API key, with minimal permissions. */
  readonly apiKey?: Secret | undefined;
  readonly probeGroupId?: string | undefined;
  readonly onCall?: CallObserver;
}

export interface FusionAuthRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether the call changes nothing in FusionAuth, so that it may be sent again; always true of a GET. */
  readonly repeatable?: boolean;
  /** Aborts the call; without it the transport's own deadline does. */
  readonly signal?: AbortSignal;
}

export interface FusionAuthAnswer {
  readonly status: number;
  /** The parsed body of a 200; undefined for every other status, whose bodies are never used. */
  readonly body: unknown;
  /** When FusionAuth created the answer, by its own clock (RFC 9110 section 6.6.1). */
  readonly date?: string | undefined;
}

/**
 * Makes a call and resolves with its answer; throws {@link FusionAuthUnavailable} if there is none in time, or a 200
 * is not JSON.
 */
export type Call = (operation: string, request: FusionAuthRequest) => Promise<FusionAuthAnswer>;

// Far above any answer that we request; an endless one must not fill the memory.
const maxAnswerBytes = 256 * 1024;

/** Called at the end of every call; `status` is undefined if there was no answer in time. */
export type CallObserver = (operation: string, status: number | undefined, durationMs: number) => void;

/**
 * Opens pooled keep-alive connections to one FusionAuth, without redirects, with a deadline for each call. FusionAuth
 * or a proxy may close an idle connection just as a request is written to it, which says nothing about FusionAuth's
 * health: a call that changes nothing is then sent once more, within its deadline (RFC 9110 section 9.2.2, RFC 9112
 * section 9.3.1). A log-in is not repeated, because FusionAuth counts refused ones.
 */
export function transport(url: string, deadlineMs: number, onCall: CallObserver = () => undefined) {
  const { origin, pathname } = new URL(url);
  const prefix = pathname.replace(/\/$/, '');
  const pool = connectionsTo(origin);
  const call: Call = async (operation, { method = 'GET', path, headers, body, repeatable, signal }) => {
    const started = performance.now();
    const until = signal ? { signal, clear: () => undefined } : abortedAfter(deadlineMs);
    const send = () =>
      pool.request({
        origin,
        method,
        path: `${prefix}${path}`,
        ...(headers ? { headers } : {}),
        ...(body === undefined ? {} : { body }),
        signal: until.signal,
      });
    let status: number | undefined;
    try {
      const answer = await send().catch((cause: unknown) => {
        if ((repeatable ?? method === 'GET') && wasClosedMeanwhile(cause)) return send();
        throw cause;
      });
      status = answer.statusCode;
      return { status, body: await read(answer, path), date: answer.headers['date'] as string | undefined };
    } catch (cause) {
      throw new FusionAuthUnavailable(operation, { status, durationMs: performance.now() - started, cause });
    } finally {
      until.clear();
      onCall(operation, status, performance.now() - started);
    }
  };
  return { call, close: () => pool.destroy() };
}

const limits = { connections: 64, maxResponseSize: maxAnswerBytes };
/** Connects through a proxy if NODE_USE_ENV_PROXY says so; otherwise calls do not look for one. */
const connectionsTo = (origin: string): Dispatcher =>
  usesProxies() ? new EnvHttpProxyAgent(limits) : new Pool(origin, limits);

/**
 * Tells whether a reused connection was closed during the request. undici reports the bytes read of a connection that
 * the peer closed, which are 0 for a new one; of a connection that was reset it reports none.
 */
function wasClosedMeanwhile(cause: unknown): boolean {
  if (cause instanceof errors.SocketError) return (cause.socket?.bytesRead ?? 0) > 0;
  return ['ECONNRESET', 'EPIPE'].includes((cause as NodeJS.ErrnoException).code ?? '');
}

/** Not AbortSignal.timeout, which would fire even after the call has finished, at a cost. */
function abortedAfter(durationMs: number): { readonly signal: AbortSignal; readonly clear: () => void } {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), durationMs);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}

/** Returns the headers of a call with our own key. */
export const ownHeaders = ({ apiKey, tenantId }: Pick<FusionAuthDataSettings, 'apiKey' | 'tenantId'>) => ({
  authorization: apiKey?.reveal() ?? '',
  'x-fusionauth-tenantid': tenantId,
});

/** The statuses that FusionAuth's own API sends without a body (FusionAuth docs, Status Codes). */
const bodiless = [401, 404, 410, 423];

async function read({ statusCode, body }: Dispatcher.ResponseData, path: string): Promise<unknown> {
  if (statusCode === 200) return body.json();
  // A gateway that does not find FusionAuth answers 404 too, with a page; that must not count as a refusal.
  if (path.startsWith('/api/') && bodiless.includes(statusCode) && (await body.text()) !== '')
    throw Object.assign(new Error('not by FusionAuth'), { name: 'a page where FusionAuth sends none' });
  await body.dump({ limit: maxAnswerBytes });
  return undefined;
}

/**
 * Returns the error for a status that an operation does not expect: 5xx, redirects, and statuses that FusionAuth may
 * add.
 */
export const unexpected = (operation: string, { status }: FusionAuthAnswer): FusionAuthUnavailable =>
  new FusionAuthUnavailable(operation, { status, durationMs: 0 });

import { type Dispatcher, EnvHttpProxyAgent, errors, Pool } from 'undici';
import { type Secret, usesProxies } from '#gatehouse/platform';
import { FusionAuthUnavailable } from './unavailable.js';

export interface FusionAuthDataSettings {
  /** Base URL of FusionAuth. */
  readonly url: string;
  readonly tenantId: string;
  readonly applicationId: string;
  /** The longest a call may take, answer included. */
  readonly deadlineMs: number;
  /** Needed for introspection unless the application's client authentication policy asks for none. */
  readonly clientSecret?: Secret | undefined;
  /** Our own narrow key. */
  readonly apiKey?: Secret | undefined;
  readonly probeGroupId?: string | undefined;
  readonly onCall?: CallObserver;
}

export interface FusionAuthRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** The call changes nothing at FusionAuth, so it may be sent again; a GET never does. */
  readonly repeatable?: boolean;
  /** Ends the call; without one the transport's own deadline does. */
  readonly signal?: AbortSignal;
}

export interface FusionAuthAnswer {
  readonly status: number;
  /** The parsed body of a 200; undefined for every other status, whose bodies say nothing that we act on. */
  readonly body: unknown;
  /** When the answer was made by FusionAuth's own clock (RFC 9110 section 6.6.1). */
  readonly date?: string | undefined;
}

/** Resolves with any answer; throws {@link FusionAuthUnavailable} when there is none in time, or a 200 is not JSON. */
export type Call = (operation: string, request: FusionAuthRequest) => Promise<FusionAuthAnswer>;

// Far above any answer we ask for; one without end must not fill the memory.
const maxAnswerBytes = 256 * 1024;

/** Called at the end of every call; without a status when there was no answer in time. */
export type CallObserver = (operation: string, status: number | undefined, durationMs: number) => void;

/**
 * Pooled keep-alive connections to one FusionAuth, no redirects, and a deadline over the whole of a call.
 * FusionAuth or a proxy may close a kept connection just as a request is written to it, which says nothing of FusionAuth's
 * health: a call that changes nothing is sent once more then, within its deadline (RFC 9110 section 9.2.2, RFC 9112
 * section 9.3.1). A log-in is not, for FusionAuth counts those that it refuses.
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
/** Goes through a proxy where NODE_USE_ENV_PROXY asks for one; otherwise no call looks anything up. */
const connectionsTo = (origin: string): Dispatcher =>
  usesProxies() ? new EnvHttpProxyAgent(limits) : new Pool(origin, limits);

/**
 * Whether a connection that had served before was closed under the request. undici tells the bytes read over one that the
 * other side ended, none for a fresh one; of one that was reset it tells nothing.
 */
function wasClosedMeanwhile(cause: unknown): boolean {
  if (cause instanceof errors.SocketError) return (cause.socket?.bytesRead ?? 0) > 0;
  return ['ECONNRESET', 'EPIPE'].includes((cause as NodeJS.ErrnoException).code ?? '');
}

/** Not AbortSignal.timeout, which would fire after every call that ended long ago, at a price. */
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

/** What FusionAuth's own API answers without a body (FusionAuth docs, Status Codes). */
const bodiless = [401, 404, 410, 423];

async function read({ statusCode, body }: Dispatcher.ResponseData, path: string): Promise<unknown> {
  if (statusCode === 200) return body.json();
  // A gateway that finds no FusionAuth behind it says 404 too, with a page; that must refuse nobody's credential.
  if (path.startsWith('/api/') && bodiless.includes(statusCode) && (await body.text()) !== '')
    throw Object.assign(new Error('not by FusionAuth'), { name: 'a page where FusionAuth sends none' });
  await body.dump({ limit: maxAnswerBytes });
  return undefined;
}

/** The error for a status that an operation has no meaning for: 5xx, redirects, and statuses that FusionAuth may add. */
export const unexpected = (operation: string, { status }: FusionAuthAnswer): FusionAuthUnavailable =>
  new FusionAuthUnavailable(operation, { status, durationMs: 0 });

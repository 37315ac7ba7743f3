import type { Agent, AgentOptions, ClientRequest, IncomingMessage } from 'node:http';
import type { Dispatcher } from 'undici';
import { processEnvironment, usesProxies } from '#gatehouse/platform';

type Limits = { readonly connections: number; readonly maxResponseSize: number };
type Asked = Pick<Dispatcher.RequestOptions, 'origin' | 'path' | 'method' | 'body'> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};
type Options = Pick<Asked, 'path' | 'method'> & { readonly headers: Readonly<Record<string, string>> };
type Answered = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'> & {
  readonly body: { json(): Promise<unknown>; text(): Promise<string>; dump(): Promise<void> };
};

/**
 * How long an idle connection is kept, in milliseconds; as long as undici does. After the function was frozen a
 * connection is usually dead.
 */
const idleMs = 4_000;

/** Loads only the one that is needed. An import would also load what node:http loads lazily, such as undici. */
const clientOf = (protocol: string) =>
  protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');

/** Creates a request, for which Node opens a connection at once. It is sent by `end()`. */
function requestTo(origin: string, agent: Agent, options?: Options): ClientRequest {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  return clientOf(protocol).request({ protocol, host, port, agent, ...options });
}

const agentFor = (origin: string, options: AgentOptions = {}): Agent =>
  new (clientOf(new URL(origin).protocol).Agent)({ keepAlive: true, timeout: idleMs, ...options });

/** A connection that is opened before there is a request for it, and the unsent request that holds it. */
interface Early {
  readonly origin: string;
  readonly agent: Agent;
  readonly held: ClientRequest;
}

let early: Early | undefined;

/**
 * Opens a connection, which the first GET will use. If it fails before, that GET opens another. Does nothing where
 * proxies are used.
 */
export function openEarly(origin: string): void {
  if (usesProxies()) return;
  const agent = agentFor(origin);
  const held = requestTo(origin, agent).on('error', () => (early = undefined));
  early = { origin, agent, held };
}

class Connections {
  #agent: Agent | undefined;

  constructor(
    readonly limits: Limits,
    readonly options?: AgentOptions,
  ) {}

  /** Rejects as soon as no answer can come; `signal` aborts the reading of the body too. */
  async request({ origin, path, method, headers = {}, body, signal }: Asked): Promise<Answered> {
    const sent = this.#requestTo(String(origin), { path, method, headers });
    const answer = await answerTo(sent, body as string | undefined, signal);
    let text: Promise<string> | undefined;
    const read = () => (text ??= textOf(answer, this.limits.maxResponseSize));
    return {
      statusCode: answer.statusCode ?? 0,
      get headers() {
        return answer.headers;
      },
      body: {
        json: async () => JSON.parse(await read()) as unknown,
        text: read,
        dump: () => read().then(() => undefined),
      },
    };
  }

  #requestTo(origin: string, options: Options): ClientRequest {
    const opened = early?.origin === origin && options.method === 'GET' ? early : undefined;
    if (opened) early = undefined;
    this.#agent ??= opened?.agent ?? agentFor(origin, this.options);
    this.#agent.maxSockets = this.limits.connections;
    if (!opened) return requestTo(origin, this.#agent, options);
    opened.held.path = options.path;
    for (const [name, value] of Object.entries(options.headers)) opened.held.setHeader(name, value);
    return opened.held;
  }

  destroy(): Promise<void> {
    this.#agent?.destroy();
    return Promise.resolve();
  }
}

/** Not by the option `signal` of Node's client, which first looks at the request as a stream. */
const answerTo = (
  sent: ClientRequest,
  body: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const stop = () => sent.destroy(signal.reason as Error);
    signal.addEventListener('abort', stop);
    sent
      .on('response', resolve)
      .on('error', reject)
      .on('close', () => signal.removeEventListener('abort', stop));
    if (signal.aborted) stop();
    else sent.end(body);
  });

const textOf = (answer: IncomingMessage, limit: number): Promise<string> =>
  new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    answer
      .on('data', (part: Buffer) => {
        size += part.length;
        if (size > limit) answer.destroy(tooLong());
        else parts.push(part);
      })
      .on('end', () => resolve(Buffer.concat(parts).toString()))
      .on('error', reject);
  });

const tooLong = () =>
  Object.assign(new Error('The answer is too long'), { code: 'UND_ERR_RES_EXCEEDED_MAX_SIZE' });

export class Pool extends Connections {
  constructor(_origin: string, limits: Limits) {
    super(limits);
  }
}

export class EnvHttpProxyAgent extends Connections {
  constructor(limits: Limits) {
    super(limits, { proxyEnv: processEnvironment() });
  }
}

/** Never thrown: Node's own client reports a closed connection by its code alone. */
class SocketError extends Error {
  readonly socket: { readonly bytesRead: number } | undefined;
}

export const errors = { SocketError };

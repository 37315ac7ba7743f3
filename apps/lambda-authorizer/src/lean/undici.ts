import type { Agent, AgentOptions, ClientRequest, IncomingMessage } from 'node:http';
import type { Dispatcher } from 'undici';
import { processEnvironment } from '#gatehouse/platform';

type Limits = { readonly connections: number; readonly maxResponseSize: number };
type Asked = Pick<Dispatcher.RequestOptions, 'origin' | 'path' | 'method' | 'body'> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
};
type Answered = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers'> & {
  readonly body: { json(): Promise<unknown>; text(): Promise<string>; dump(): Promise<void> };
};

/**
 * How long an idle connection is kept, in milliseconds; as long as undici does. After the function was frozen a
 * connection is usually dead.
 */
const idleMs = 4_000;

class Connections {
  #agent: Agent | undefined;

  constructor(
    readonly limits: Limits,
    readonly options: AgentOptions = {},
  ) {}

  /** Rejects as soon as no answer can come; `signal` aborts the reading of the body too. */
  async request({ origin, path, method, headers = {}, body, signal }: Asked): Promise<Answered> {
    const { protocol, hostname, port } = new URL(String(origin));
    // Only the one that is needed is loaded. An import would also load what node:http loads lazily, such as undici.
    const { Agent, request } =
      protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
    this.#agent ??= new Agent({
      keepAlive: true,
      maxSockets: this.limits.connections,
      timeout: idleMs,
      ...this.options,
    });
    const host = hostname.replace(/^\[|\]$/g, '');
    const options = { protocol, host, port, path, method, headers, agent: this.#agent };
    const answer = await answerTo(request(options), body as string | undefined, signal);
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

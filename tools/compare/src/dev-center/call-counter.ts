import {
  createServer,
  type IncomingMessage,
  request as askByHttp,
  type Server,
  type ServerResponse,
} from 'node:http';
import { request as askByHttps } from 'node:https';
import { listen } from '#gatehouse/platform';

/** One call to FusionAuth. */
export interface Call {
  /** Method and path, without ids. */
  readonly name: string;
  /** Whether the answer was a page for a person to fill in. */
  readonly page: boolean;
}

const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** A proxy in front of FusionAuth that records the calls. */
export class CallCounter {
  readonly #calls: Call[] = [];
  readonly #server: Server;

  private constructor(
    private readonly upstream: URL,
    private readonly made: { url: string },
    private readonly counts: (asked: IncomingMessage) => boolean,
  ) {
    this.#server = createServer((asked, answer) => this.#pass(asked, answer));
  }

  /** Opens one in front of `upstream`, which by default counts all calls. */
  static async before(
    upstream: string,
    counts: (asked: IncomingMessage) => boolean = () => true,
  ): Promise<CallCounter> {
    const made = { url: '' };
    const counter = new CallCounter(new URL(upstream), made, counts);
    made.url = await listen(counter.#server, { host: '127.0.0.1', port: 0 });
    return counter;
  }

  get url(): string {
    return this.made.url;
  }

  /** Returns the calls since the last time. */
  take(): readonly Call[] {
    return this.#calls.splice(0);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #pass(asked: IncomingMessage, answer: ServerResponse): void {
    const { method = 'GET', url: path = '/' } = asked;
    const isHttps = this.upstream.protocol === 'https:';
    const [askUpstream, host] = isHttps
      ? [askByHttps, this.upstream.host]
      : // The addresses in FusionAuth's metadata follow this header, so that calls to them are counted too.
        [askByHttp, asked.headers.host];
    const headers = { ...asked.headers, host };
    const forwarded = askUpstream(new URL(path, this.upstream), { method, headers }, (came) => {
      const { statusCode = 502, headers: cameWith, rawHeaders } = came;
      const page = statusCode === 200 && (cameWith['content-type'] ?? '').startsWith('text/html');
      if (this.counts(asked))
        this.#calls.push({ name: `${method} ${(path.split('?')[0] ?? '').replace(id, '{id}')}`, page });
      answer.writeHead(statusCode, rawHeaders);
      came.pipe(answer);
    });
    forwarded.on('error', () => answer.destroy());
    asked.pipe(forwarded);
  }
}

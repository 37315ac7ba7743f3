import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A client's connection and its connection to the upstream. */
interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  /** True once nothing passes any more, in either direction; the connections stay open. */
  silent: boolean;
  /** Pending data for the client, in order. */
  sending: Promise<unknown>;
}

type Event = (link: Link) => unknown;

/** The behaviour of the proxy between client and upstream. Without a member, bytes are passed on. */
export interface Fault {
  /** False: the port is closed. */
  readonly listens?: boolean;
  /** Called for each connection that is open when the fault starts. */
  readonly found?: Event;
  /** Called for each connection that is made while it lasts. */
  readonly opened?: Event;
  /** Called instead of passing on the client's bytes. */
  readonly asked?: Event;
  /** Called instead of passing on the upstream's bytes. */
  readonly answered?: (link: Link, bytes: Buffer) => unknown;
}

const cut: Event = ({ client }) => client.resetAndDestroy();
const silence: Event = (link) => (link.silent = true);
const answer = (text: string) => ({ asked: ({ client }: Link) => client.writable && client.end(text) });
/** Answers every request with one HTTP answer. */
export const http = (head: string, body = ''): Fault =>
  answer(`HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);

/** Passes on the upstream's answer in pieces of `size` bytes, each `milliseconds` after the one before. */
export const late = (milliseconds: number, size: number): Fault => ({
  answered(link, bytes) {
    for (let at = 0; at < bytes.length; at += size) {
      link.sending = link.sending
        .then(() => delay(milliseconds, undefined, { ref: false }))
        .then(() => link.client.writable && link.client.write(bytes.subarray(at, at + size)));
    }
  },
});

/** The faults that a network or a broken server causes its clients. */
export const faults = {
  none: {},
  /** Connections are refused, open ones are cut. */
  refuse: { listens: false, found: cut },
  /** Connections are accepted and requests read, but nothing is ever answered. */
  hang: { found: silence, opened: silence },
  /** Open connections go silent; new ones work. */
  halfOpen: { found: silence },
  /** Connections are accepted and reset as soon as the client sends. */
  reset: { found: cut, asked: cut },
  /** The answer is not HTTP. */
  garbage: answer('\u0000\u0001\u0002 this is not HTTP \r\n\r\n{"active":true}\r\n'),
  redirect: http('302 Found\r\nLocation: /login'),
  /** A page instead of JSON, with status 200. */
  page: http('200 OK\r\nContent-Type: text/html', '<!doctype html><title>Maintenance</title><p>Back soon.'),
  /** The answer of a gateway without a backend: FusionAuth's own 404 has no body. */
  nobody: http('404 Not Found\r\nContent-Type: text/plain', 'default backend - 404'),
  error: http('500 Internal Server Error'),
  overload: http('503 Service Unavailable\r\nContent-Type: text/html', '<p>Too many requests.'),
  slow: late(5_000, Infinity),
  dribble: late(100, 1),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/**
 * A TCP proxy on its own port in front of an upstream. Its behaviour can change at any time, also for open connections.
 */
export class FaultProxy {
  readonly #links = new Set<Link>();
  readonly #server: Server;
  readonly #port: number;
  #fault: Fault = faults.none;
  #bytes = 0;

  private constructor(
    private readonly upstream: URL,
    private readonly heard: (bytes: Buffer) => void,
  ) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => this.#open(client));
    // Below the range that systems assign to outgoing connections: while the port is closed, nothing else takes it.
    this.#port = randomInt(20_000, 32_000);
  }

  /** `upstream` is a URL with host and port; `heard` receives its answers before any fault applies. */
  static async before(upstream: string, heard: (bytes: Buffer) => void = () => {}): Promise<FaultProxy> {
    for (;;) {
      const proxy = new FaultProxy(new URL(upstream), heard);
      try {
        await proxy.#listen();
        return proxy;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      }
    }
  }

  /** The upstream's URL with the proxy's port. */
  get url(): string {
    const url = new URL(this.upstream);
    url.hostname = '127.0.0.1';
    url.port = String(this.#port);
    return url.href.replace(/\/$/, '');
  }

  /** Returns the number of bytes passed so far, in both directions. */
  bytes(): number {
    return this.#bytes;
  }

  /** Replaces the current fault. Resolves when the new one applies. */
  async set(fault: Fault): Promise<void> {
    this.#fault = fault;
    for (const link of this.#links) fault.found?.(link);
    const listens = fault.listens ?? true;
    if (listens && !this.#server.listening) await this.#listen();
    if (!listens && this.#server.listening) await this.#stop();
  }

  async close(): Promise<void> {
    this.#links.forEach(cut);
    if (this.#server.listening) await this.#stop();
  }

  async #listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
  }

  async #stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    await closed;
  }

  #open(client: Socket): void {
    const { hostname: host, port } = this.upstream;
    const upstream = connect({ host, port: Number(port), noDelay: true });
    const link: Link = { client, upstream, silent: false, sending: Promise.resolve() };
    this.#links.add(link);
    this.#fault.opened?.(link);
    client.on('data', (bytes) => this.#asked(link, bytes));
    upstream.on('data', (bytes) => this.#answered(link, bytes));
    client.on('end', () => link.silent || upstream.end());
    upstream.on('end', () => link.silent || void link.sending.then(() => client.end()));
    client.on('error', () => client.destroy()).on('close', () => this.#forget(link));
    upstream.on('error', () => link.silent || cut(link));
  }

  #asked(link: Link, bytes: Buffer): void {
    if (link.silent) return;
    if (this.#fault.asked) return void this.#fault.asked(link);
    this.#bytes += bytes.length;
    link.upstream.write(bytes);
  }

  #answered(link: Link, bytes: Buffer): void {
    this.heard(bytes);
    this.#bytes += bytes.length;
    if (link.silent) return;
    if (this.#fault.answered) this.#fault.answered(link, bytes);
    else link.sending = link.sending.then(() => link.client.writable && link.client.write(bytes));
  }

  #forget(link: Link): void {
    link.upstream.destroy();
    this.#links.delete(link);
  }
}

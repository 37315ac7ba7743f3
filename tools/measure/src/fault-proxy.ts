import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A client's connection and the one to the upstream that was opened for it. */
interface Link {
  readonly client: Socket;
  readonly upstream: Socket;
  /** Nothing passes any more, in either direction, for ever; the connections stay open. */
  silent: boolean;
  /** What the client is still to be sent, in order. */
  sending: Promise<unknown>;
}

type Event = (link: Link) => unknown;

/** What happens between client and upstream instead of passing bytes on. Without a member, they are passed on. */
export interface Fault {
  /** False: the port is closed. */
  readonly listens?: boolean;
  /** For each connection that is open when the fault begins. */
  readonly found?: Event;
  /** For each connection that is made while it lasts. */
  readonly opened?: Event;
  /** In the place of passing on what the client sends. */
  readonly asked?: Event;
  /** In the place of passing on what the upstream answers. */
  readonly answered?: (link: Link, bytes: Buffer) => unknown;
}

const cut: Event = ({ client }) => client.resetAndDestroy();
const silence: Event = (link) => (link.silent = true);
const answer = (text: string) => ({ asked: ({ client }: Link) => client.writable && client.end(text) });
/** One HTTP answer to everything that is asked. */
export const http = (head: string, body = ''): Fault =>
  answer(`HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);

/** Passes the upstream's answer on in pieces of `size` bytes, each `milliseconds` after the one before. */
export const late = (milliseconds: number, size: number): Fault => ({
  answered(link, bytes) {
    for (let at = 0; at < bytes.length; at += size) {
      link.sending = link.sending
        .then(() => delay(milliseconds, undefined, { ref: false }))
        .then(() => link.client.writable && link.client.write(bytes.subarray(at, at + size)));
    }
  },
});

/** Everything that a network or a broken server does to its clients. */
export const faults = {
  none: {},
  /** Connections are refused, those that were open are cut. */
  refuse: { listens: false, found: cut },
  /** Connections are accepted, requests read, nothing is ever answered. */
  hang: { found: silence, opened: silence },
  /** Connections that were open go silent without a word; new ones work. */
  halfOpen: { found: silence },
  /** Connections are accepted and reset as soon as the client speaks. */
  reset: { found: cut, asked: cut },
  /** The answer is no HTTP. */
  garbage: answer('\u0000\u0001\u0002 this is not HTTP \r\n\r\n{"active":true}\r\n'),
  redirect: http('302 Found\r\nLocation: /login'),
  /** A page in the place of JSON, with status 200. */
  page: http('200 OK\r\nContent-Type: text/html', '<!doctype html><title>Maintenance</title><p>Back soon.'),
  /** A gateway that finds nobody behind it: FusionAuth's own 404 has no body. */
  nobody: http('404 Not Found\r\nContent-Type: text/plain', 'default backend - 404'),
  error: http('500 Internal Server Error'),
  overload: http('503 Service Unavailable\r\nContent-Type: text/html', '<p>Too many requests.'),
  slow: late(5_000, Infinity),
  dribble: late(100, 1),
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/**
 * A TCP proxy on a port of its own in front of an upstream, whose behaviour can be switched at any time, for
 * connections that are open already too.
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
    // Below the range that systems lend to outgoing connections: while it is closed, nobody else gets it.
    this.#port = randomInt(20_000, 32_000);
  }

  /** `upstream` is a URL with host and port; `heard` receives its answers before anything happens to them. */
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

  /** Bytes that have passed so far, in both directions. */
  bytes(): number {
    return this.#bytes;
  }

  /** Resolves when the fault is in force, in the place of the one before. */
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

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

const answerWithinMs = 20_000;
const headEnd = '\r\n\r\n';

/**
 * A keep-alive connection with one pending request, as cheap as possible: requests are prepared bytes, and only the
 * status and the length of an answer are parsed. It costs the generator half of autocannon's parser. With a bare server
 * this decides whether the server always has work or waits.
 */
export class Connection {
  #answered: ((status: number) => void) | undefined;
  #failed: ((error: Error) => void) | undefined;
  #status = 0;
  #missing = 0;
  #head: Buffer | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.setTimeout(answerWithinMs, () => socket.destroy(new Error('the server does not answer')));
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('error', (error) => this.#failed?.(error));
    socket.on('close', () => this.#failed?.(new Error('the server closed the connection')));
  }

  static async open(url: string): Promise<Connection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    return new Connection(socket);
  }

  /** Sends a request; calls back with the status once the whole answer has arrived. */
  send(request: Buffer, answered: (status: number) => void, failed: (error: Error) => void): void {
    this.#answered = answered;
    this.#failed = failed;
    // A connection that was closed while idle would never answer.
    if (this.socket.destroyed) failed(new Error('the connection is closed'));
    else this.socket.write(request);
  }

  request(request: Buffer): Promise<number> {
    return new Promise((resolve, reject) => this.send(request, resolve, reject));
  }

  close(): void {
    this.#failed = undefined;
    this.socket.destroy();
  }

  #read(chunk: Buffer): void {
    if (this.#missing > 0) {
      this.#missing -= chunk.length;
    } else {
      const text = this.#head ? Buffer.concat([this.#head, chunk]) : chunk;
      const end = text.indexOf(headEnd);
      this.#head = end < 0 ? text : undefined;
      if (end < 0) return;
      const head = text.toString('latin1', 0, end);
      this.#status = Number(head.slice(9, 12));
      this.#missing = end + headEnd.length + lengthIn(head) - text.length;
    }
    if (this.#missing === 0) this.#answered?.(this.#status);
  }
}

function lengthIn(head: string): number {
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(head) ?? [];
  if (length === undefined) throw new Error(`An answer without Content-Length: ${head}`);
  return Number(length);
}

export const openConnections = (url: string, count: number): Promise<Connection[]> =>
  Promise.all(Array.from({ length: count }, () => Connection.open(url)));

export type Headers = Readonly<Record<string, string>>;

export const bearer = (token: string): Headers => ({ Authorization: `Bearer ${token}` });

export const basic = (login: string, secret: string): Headers => ({
  Authorization: `Basic ${Buffer.from(`${login}:${secret}`).toString('base64')}`,
});

/** Returns the bytes of a GET. */
export const getRequest = (url: string, path: string, headers: Headers = {}): Buffer =>
  Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      `Host: ${new URL(url).host}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n'),
  );

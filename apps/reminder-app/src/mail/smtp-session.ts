import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { hostOnWire } from '#gatehouse/platform';

export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /**
   * `implicit`: TLS from the first byte (smtps). `required`: STARTTLS, or no mail. `offered`: STARTTLS if the server
   * offers it. `none`: plain text, even if it offers TLS.
   */
  readonly tls: 'implicit' | 'required' | 'offered' | 'none';
  /** The name that the server's certificate must have, if it is not the host. */
  readonly tlsName?: string | undefined;
  readonly login?: { readonly user: string; readonly pass: string } | undefined;
}

/** How long a server may take, in milliseconds; see RFC 5321 section 4.5.3.2. */
interface SmtpLimits {
  readonly connectMs: number;
  readonly greetingMs: number;
  /** Without a reply at any step before the final dot is written. */
  readonly commandMs: number;
  /** Without a reply after the final dot. */
  readonly replyMs: number;
}

interface Envelope {
  readonly from: string;
  readonly to: string;
  readonly size: number;
}

/** A connection to a mail server, from its greeting to QUIT. Every method rejects with nodemailer's error. */
export class SmtpSession {
  /** The number of mails that it was given. */
  carried = 0;
  /** Whether the server accepts addresses with letters beyond ASCII before the @ (RFC 6531). */
  takesUtf8 = false;
  readonly #closed = new AbortController();
  #connection: SMTPConnection | undefined;

  constructor(
    private readonly server: SmtpServer,
    private readonly limits: SmtpLimits,
  ) {}

  get isOpen(): boolean {
    return !this.#closed.signal.aborted;
  }

  /** Connects, secures the connection and logs in. Call it once, before anything else. */
  async open(): Promise<void> {
    const connection = this.#connectionOver(await this.#openSocket());
    // Errors between two mails end the connection, and the next mail opens another.
    connection.on('error', () => {});
    connection.once('end', () => this.#closed.abort());
    this.#connection = connection;
    await this.#step((done) =>
      connection.connect((error) => {
        // The last reply is the one to EHLO.
        this.takesUtf8 = /^250[ -]SMTPUTF8\b/im.test(connection.lastServerResponse || '');
        if (error || !this.server.login) done(error);
        else connection.login({ credentials: this.server.login }, done);
      }),
    );
  }

  /**
   * Hands over one mail. `body` is read only after the server replied 354, and read completely only with the final
   * dot.
   */
  async send({ from, to, size }: Envelope, body: Readable): Promise<void> {
    this.carried++;
    body.once('end', () => this.#waitFor(this.limits.replyMs));
    try {
      await this.#step((done, connection) => connection.send({ from, to: [to], size }, body, done));
    } finally {
      this.#waitFor(this.limits.commandMs);
    }
  }

  /** Makes the server forget the mail that it has just refused. */
  reset(): Promise<void> {
    return this.#step((done, connection) => connection.reset(done));
  }

  quit(): void {
    this.#connection?.quit();
    this.#closed.abort();
  }

  /** Closes the connection immediately, even in the middle of a command. */
  close(): void {
    this.#closed.abort();
    this.#connection?.close();
  }

  /** Opens the socket. Our own, because nodemailer has one time limit for connecting and greeting. */
  async #openSocket(): Promise<Socket> {
    const { host, port } = this.server;
    const socket = connect({ host, port });
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(this.limits.connectMs)]);
    try {
      await once(socket, 'connect', { signal });
      return socket;
    } catch (error) {
      socket.destroy();
      this.#closed.abort();
      const { code, cause } = error as { code?: string; cause?: { name?: string } };
      const why = cause?.name === 'TimeoutError' ? 'no answer' : code;
      throw new Error(`cannot connect to ${host} port ${port}: ${why ?? 'unknown error'}`, { cause: error });
    }
  }

  #connectionOver(socket: Socket): SMTPConnection {
    const { host, port, tls, tlsName } = this.server;
    return new SMTPConnection({
      connection: socket,
      host,
      port,
      name: ownName(),
      secure: tls === 'implicit',
      requireTLS: tls === 'required',
      ignoreTLS: tls === 'none',
      servername: tlsName,
      greetingTimeout: this.limits.greetingMs,
      // Bounds greeting and TLS handshake together.
      connectionTimeout: 2 * this.limits.greetingMs,
      socketTimeout: this.limits.commandMs,
    });
  }

  #waitFor(limitMs: number): void {
    const socket = this.#connection?._socket;
    if (socket && this.isOpen) socket.setTimeout(limitMs);
  }

  /** Runs one step of the session. It rejects with the error of the step or of the connection. */
  async #step(
    step: (done: (error?: Error | null) => void, connection: SMTPConnection) => void,
  ): Promise<void> {
    const connection = this.#connection;
    if (!connection || !this.isOpen) throw new Error('the connection ended');
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const ended = () => reject(new Error('the connection ended'));
    connection.once('error', reject).once('end', ended);
    step((error) => (error ? reject(error) : resolve()), connection);
    try {
      await promise;
    } finally {
      connection.off('error', reject).off('end', ended);
    }
  }
}

/** Returns our name for EHLO: a host name with its domain, or an address literal (RFC 5321 section 4.1.4). */
function ownName(): string {
  const name = hostOnWire(hostname());
  return name.includes('.') ? name : '[127.0.0.1]';
}

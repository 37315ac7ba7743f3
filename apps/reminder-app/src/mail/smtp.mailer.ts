import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { Delivery, Mailer, OutgoingMail } from './mailer.js';
import { deliveryFailure, type SmtpError } from './smtp-failure.js';

export interface SmtpOptions {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte (smtps); otherwise STARTTLS is used where it is offered. */
  readonly secure: boolean;
  /** Refuse to go on without TLS. */
  readonly requireTls: boolean;
  readonly login?: { readonly user: string; readonly pass: string } | undefined;
  readonly limits?: Partial<typeof smtpLimits> | undefined;
}

/** Milliseconds. A worker's lease on a mail is longer than all of them together. */
export const smtpLimits = { connect: 10_000, greeting: 10_000, silence: 60_000, mail: 120_000 };

/**
 * Sends over one SMTP connection, kept open from mail to mail and opened again after a fault. One mail at a time, so
 * that a killed worker leaves at most one whose fate is unknown.
 */
export class SmtpMailer implements Mailer {
  readonly idempotent = false;
  readonly #options: SmtpOptions;
  readonly #limits: typeof smtpLimits;
  #connection: SMTPConnection | undefined;

  constructor(options: SmtpOptions) {
    this.#options = options;
    this.#limits = { ...smtpLimits, ...options.limits };
  }

  async deliver(mail: OutgoingMail): Promise<Delivery> {
    const limit = AbortSignal.timeout(this.#limits.mail);
    const drop = () => this.#drop();
    limit.addEventListener('abort', drop);
    try {
      const isKept = this.#connection !== undefined;
      const delivery = await this.#attempt(mail);
      // Servers end a session after so many mails or minutes, which says nothing of the next one.
      const isOver = delivery.kind === 'later' && delivery.serverDown;
      return isKept && isOver && !limit.aborted ? await this.#attempt(mail) : delivery;
    } finally {
      limit.removeEventListener('abort', drop);
    }
  }

  async #attempt(mail: OutgoingMail): Promise<Delivery> {
    // Read only after the server said 354, and to its end only together with the final dot.
    const body = Readable.from([mail.bytes]);
    try {
      const connection = this.#connection ?? (await this.#connect());
      await send(connection, mail, body);
      return { kind: 'sent' };
    } catch (error) {
      const failure = deliveryFailure(error as SmtpError, body.readableEnded);
      if (failure.kind === 'unknown' || (failure.kind === 'later' && failure.serverDown)) this.#drop();
      else await this.#reset();
      return failure;
    }
  }

  rest(): Promise<void> {
    this.#connection?.quit();
    this.#connection = undefined;
    return Promise.resolve();
  }

  #connect(): Promise<SMTPConnection> {
    const { host, port, secure, requireTls, login } = this.#options;
    const connection = new SMTPConnection({
      host,
      port,
      secure,
      requireTLS: requireTls,
      connectionTimeout: this.#limits.connect,
      greetingTimeout: this.#limits.greeting,
      socketTimeout: this.#limits.silence,
    });
    this.#connection = connection;
    // Errors between two mails: the connection then ends, and the next mail opens another.
    connection.on('error', () => {});
    connection.once('end', () => {
      if (this.#connection === connection) this.#connection = undefined;
    });
    return untilEnd(connection, (done) => {
      connection.connect((error) => {
        if (error || !login) done(error);
        else connection.login({ credentials: login }, done);
      });
    }).then(() => connection);
  }

  /** After a refusal the session goes on, unless the server will not even forget the mail. */
  async #reset(): Promise<void> {
    const connection = this.#connection;
    if (connection) await untilEnd(connection, (done) => connection.reset(done)).catch(() => this.#drop());
  }

  #drop(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }
}

function send(connection: SMTPConnection, mail: OutgoingMail, body: Readable): Promise<void> {
  const envelope = { from: mail.from, to: [mail.to], size: mail.bytes.length };
  return untilEnd(connection, (done) => connection.send(envelope, body, done));
}

/** Runs one step of the session. It fails with the step's own error, or with that of the connection. */
async function untilEnd(
  connection: SMTPConnection,
  step: (done: (error?: Error | null) => void) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const ended = () => reject(new Error('the connection ended'));
  connection.once('error', reject).once('end', ended);
  step((error) => (error ? reject(error) : resolve()));
  try {
    await promise;
  } finally {
    connection.off('error', reject).off('end', ended);
  }
}

import { Readable } from 'node:stream';
import { needsSmtpUtf8 } from '#gatehouse/platform';
import type { Delivery, Mailer, OutgoingMail } from './mailer.js';
import { deliveryFailure, type SmtpError } from './smtp-failure.js';
import { type SmtpServer, SmtpSession } from './smtp-session.js';

export interface SmtpOptions extends SmtpServer {
  readonly limits?: Partial<typeof smtpLimits> | undefined;
}

const minuteMs = 60_000;

/**
 * Time limits in milliseconds. RFC 5321 section 4.5.3.2 requires five minutes until the greeting and at MAIL and
 * RCPT, two at DATA, three for each block and ten after the final dot. `mailMs` bounds the whole mail, `afterStopMs`
 * the rest of it after the worker was asked to stop.
 */
export const smtpLimits = {
  connectMs: 10_000,
  greetingMs: 5 * minuteMs,
  commandMs: 5 * minuteMs,
  replyMs: 10 * minuteMs,
  mailMs: 30 * minuteMs,
  afterStopMs: 17_000,
};

/** The most mails of one connection. Exim only queues those after the tenth (smtp_accept_queue_per_connection). */
const mailsPerSession = 10;

const noSmtpUtf8 =
  'the mail server does not offer SMTPUTF8, which an address with letters beyond ASCII before the @ needs';

/**
 * Sends over one SMTP connection, which is reused for a few mails and reopened after an error. It sends one mail at a
 * time, so that a killed worker leaves at most one unknown.
 */
export class SmtpMailer implements Mailer {
  readonly idempotent = false;
  readonly #options: SmtpOptions;
  readonly #limits: typeof smtpLimits;
  #session: SmtpSession | undefined;

  constructor(options: SmtpOptions) {
    this.#options = options;
    this.#limits = { ...smtpLimits, ...options.limits };
  }

  async deliver(mail: OutgoingMail, stop: AbortSignal): Promise<Delivery> {
    const cut = new AbortController();
    const release = within(this.#limits, stop, () => {
      cut.abort();
      this.#drop();
    });
    try {
      const current = this.#current();
      const delivery = await this.#attempt(mail, current ?? (await this.#begin()));
      // Servers limit the mails or minutes of a session: such a refusal says nothing about the next session.
      const isOver = delivery.kind === 'later' && delivery.serverDown;
      return current && isOver && !cut.signal.aborted && !stop.aborted
        ? await this.#attempt(mail, await this.#begin())
        : delivery;
    } catch (error) {
      this.#drop();
      return deliveryFailure(error as SmtpError, false);
    } finally {
      release();
    }
  }

  rest(): Promise<void> {
    this.#session?.quit();
    this.#session = undefined;
    return Promise.resolve();
  }

  async #attempt(mail: OutgoingMail, session: SmtpSession): Promise<Delivery> {
    if (needsSmtpUtf8(mail.to) && !session.takesUtf8) return { kind: 'refused', reason: noSmtpUtf8 };
    const body = Readable.from([mail.bytes]);
    try {
      await session.send({ from: mail.from, to: mail.to, size: mail.bytes.length }, body);
      return { kind: 'sent' };
    } catch (error) {
      const failure = deliveryFailure(error as SmtpError, body.readableEnded);
      if (failure.kind === 'unknown' || (failure.kind === 'later' && failure.serverDown)) this.#drop();
      // After a refusal the session continues, unless the server refuses even to reset it.
      else await session.reset().catch(() => this.#drop());
      return failure;
    }
  }

  /** Returns the session of earlier mails, if it can be used for another. */
  #current(): SmtpSession | undefined {
    if (this.#session && this.#session.carried >= mailsPerSession) void this.rest();
    if (!this.#session?.isOpen) this.#session = undefined;
    return this.#session;
  }

  async #begin(): Promise<SmtpSession> {
    const session = new SmtpSession(this.#options, this.#limits);
    this.#session = session;
    await session.open();
    return session;
  }

  #drop(): void {
    this.#session?.close();
    this.#session = undefined;
  }
}

/** Calls `cut` if a mail takes longer than it may. The returned function ends the timers. */
function within(limits: typeof smtpLimits, stop: AbortSignal, cut: () => void): () => void {
  const timers = [setTimeout(cut, limits.mailMs)];
  const onStop = () => timers.push(setTimeout(cut, limits.afterStopMs));
  if (stop.aborted) onStop();
  else stop.addEventListener('abort', onStop, { once: true });
  return () => {
    stop.removeEventListener('abort', onStop);
    timers.forEach((timer) => clearTimeout(timer));
  };
}

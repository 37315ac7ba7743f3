import type { Logger } from '#gatehouse/platform';
import { type CaughtMail, readMail } from './caught-mail.js';
import { MailStore } from './mail-store.js';
import { startPageServer } from './page-server.js';
import { startSmtpCatcher } from './smtp-catcher.js';

export type { CaughtMail } from './caught-mail.js';

export interface MailboxOptions {
  /** 0 picks a free port. */
  readonly smtpPort: number;
  /** 0 picks a free port. */
  readonly pagePort: number;
  readonly log: Logger;
  /** What the empty page says will make a mail arrive. */
  readonly hint?: string | undefined;
}

export interface Mailbox {
  readonly smtpUrl: string;
  readonly pageUrl: string;
  /** Newest first. */
  messages(): readonly CaughtMail[];
  /** Calls `listener` for every further mail. */
  onMail(listener: (mail: CaughtMail) => void): void;
  close(): Promise<void>;
}

/** Nobody but this machine may read the mails of a development. */
const host = '127.0.0.1';

/**
 * Starts a mail server for development: it catches every mail sent to it and shows it in the browser, nothing leaves.
 * Throws an ExitError that names SMTP_PORT or MAILBOX_PORT when one is taken.
 */
export async function startMailbox({ log, hint, ...ports }: MailboxOptions): Promise<Mailbox> {
  const store = new MailStore();
  let received = 0;
  const smtp = await startSmtpCatcher({
    host,
    port: ports.smtpPort,
    deliver: async (delivery) => {
      const mail = await readMail(delivery, String(++received), Date.now());
      store.add(mail);
      log.info({ mail: mail.id, bytes: mail.raw.length, recipients: mail.to.length }, 'mail caught');
    },
  });
  const page = await startPageServer({
    host,
    port: ports.pagePort,
    store,
    about: { smtpUrl: smtp.url, hint },
  }).catch(async (error: unknown) => {
    await smtp.close();
    throw error;
  });
  return {
    smtpUrl: smtp.url,
    pageUrl: page.url,
    messages: () => store.list(),
    onMail: (listener) => void store.subscribe(listener),
    close: async () => {
      await Promise.all([page.close(), smtp.close()]);
    },
  };
}

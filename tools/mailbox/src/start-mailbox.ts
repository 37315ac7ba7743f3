import { resolve } from 'node:path';
import type { Listening, Logger } from '#gatehouse/platform';
import type { CaughtMail } from './caught-mail.js';
import { MailDirectory, mailFolder } from './mail-directory.js';
import { MailStore } from './mail-store.js';
import { startPageServer } from './page-server.js';
import { startSmtpCatcher } from './smtp-catcher.js';

export type { CaughtMail } from './caught-mail.js';

export interface MailboxOptions {
  /** 0 picks a free port. */
  readonly smtpPort: number;
  /** 0 picks a free port. */
  readonly pagePort: number;
  /** Mails are stored in `mailbox` below this directory, for the next start. */
  readonly dataDir: string;
  readonly log: Logger;
  /** A hint on the empty page about how to make a mail arrive. */
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

/** Only this machine may read the mails of a development. */
const host = '127.0.0.1';

/**
 * Starts a mail server for development: it catches every mail sent to it, stores it and shows it in the browser;
 * nothing is forwarded. Throws an ExitError that names SMTP_PORT or MAILBOX_PORT when one is in use, and one that names
 * DATA_DIR when mails cannot be stored there.
 */
export async function startMailbox(options: MailboxOptions): Promise<Mailbox> {
  const { log, dataDir } = options;
  const directory = new MailDirectory(resolve(dataDir, mailFolder), log);
  const store = new MailStore((id) => directory.delete(id));
  const listening: Listening[] = [];
  const close = async () => {
    await Promise.all(listening.map((server) => server.close()));
    directory.close();
  };
  try {
    for await (const mail of directory.read()) store.add(mail);
    const smtp = await catchInto(store, directory, options);
    listening.push(smtp);
    const about = { smtpUrl: smtp.url, hint: options.hint };
    const page = await startPageServer({ host, port: options.pagePort, store, about });
    listening.push(page);
    return {
      smtpUrl: smtp.url,
      pageUrl: page.url,
      messages: () => store.list(),
      onMail: (listener) => void store.subscribe((mail) => mail && listener(mail)),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const catchInto = (store: MailStore, directory: MailDirectory, { smtpPort, log }: MailboxOptions) =>
  startSmtpCatcher({
    host,
    port: smtpPort,
    deliver: async (delivery) => {
      const mail = await directory.store(delivery, Date.now()).catch((error: unknown) => {
        log.error({ err: error }, 'a mail could not be stored; its sender may try again');
        throw error;
      });
      store.add(mail);
      log.info({ mail: mail.id, bytes: mail.raw.length, recipients: mail.to.length }, 'mail caught');
    },
  });

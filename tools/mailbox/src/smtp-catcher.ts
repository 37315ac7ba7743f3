import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerOptions } from 'smtp-server';
import { listenFailure, type Listening } from '#gatehouse/platform';
import type { Delivery } from './caught-mail.js';

/** The largest message accepted, in bytes; announced to clients by the SIZE extension (RFC 1870). */
export const maxMessageBytes = 5 * 1024 * 1024;

export interface CatcherOptions {
  readonly host: string;
  readonly port: number;
  /** The client gets 250 only after this has resolved. */
  deliver(delivery: Delivery): Promise<void>;
}

const limits: SMTPServerOptions = {
  name: 'mailbox.localhost',
  banner: 'mailbox: mail stops here and is shown in the browser',
  size: maxMessageBytes,
  rejectOversized: true,
  maxClients: 50,
  socketTimeout: 60_000,
  closeTimeout: 500,
  // Everybody on this machine may send, and there is no certificate for STARTTLS.
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
};

/** Starts an SMTP server that stores mails and forwards none. */
export async function startSmtpCatcher(options: CatcherOptions): Promise<Listening> {
  const server = new SMTPServer({
    ...limits,
    onData(stream, session, done) {
      const { mailFrom, rcptTo } = session.envelope;
      receive(stream)
        .then((raw) =>
          raw === undefined
            ? undefined
            : options.deliver({
                from: mailFrom ? mailFrom.address : '',
                to: rcptTo.map(({ address }) => address),
                raw,
              }),
        )
        .then(() => done(), done);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => {
      reject(listenFailure(error, options.port, 'SMTP_PORT'));
    });
    server.listen(options.port, options.host, resolve);
  });
  // Later errors concern one client's connection, which has already been answered or dropped.
  server.on('error', () => undefined);
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://${options.host}:${port}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Returns the message; undefined when it is too large: the rest is drained and the server itself answers 552. */
async function receive(stream: SMTPServerDataStream): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    if (stream.sizeExceeded) chunks.length = 0;
    else chunks.push(chunk as Buffer);
  }
  return stream.sizeExceeded ? undefined : Buffer.concat(chunks);
}

import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';

export interface SunkMail {
  readonly to: string;
  readonly messageId: string;
  readonly source: string;
}

/** Starts a mail server that stores the mails it accepts; `takesMs` is its delay before it accepts each mail. */
export async function startSink(takesMs = 0) {
  const mails: SunkMail[] = [];
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    disabledCommands: ['STARTTLS'],
    onData: (stream, session, done) => {
      const take = async () => {
        const source = (await buffer(stream)).toString();
        const [, messageId = ''] = /^Message-ID: (.*)\r$/m.exec(source) ?? [];
        mails.push({ to: session.envelope.rcptTo[0]?.address ?? '', messageId, source });
        if (takesMs > 0) await delay(takesMs);
        done();
      };
      // A client killed during a mail: the mail was not received.
      take().catch(() => undefined);
    },
  });
  server.on('error', () => undefined);
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    mails,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(resolve);
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

import type { AddressInfo, Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A fault for the next mail: a reply to a step, or a connection that is cut or stalls at that step. */
export type SmtpFault =
  | { readonly at: 'greeting' | 'mail' | 'rcpt' | 'data'; readonly reply: number }
  | { readonly at: 'data'; readonly then: 'drop' | 'hang' }
  /** The reply to the final dot never comes. */
  | { readonly at: 'data'; readonly then: 'stall'; readonly ms: number }
  /** Takes the place of the reply to DATA, or comes after the first bytes of the body. */
  | { readonly at: 'command' | 'body'; readonly then: 'drop' };

/** A mail server (the package smtp-server) that accepts all mails but fails on request. */
export async function startSmtp(options: SMTPServerOptions = {}) {
  const state = {
    /** Faults in order; each mail uses one. */
    faults: [] as SmtpFault[],
    /** Every mail whose final dot arrived, accepted or not. */
    received: [] as Email[],
    connections: 0,
  };
  const sockets = new Set<Socket>();
  const cutConnections = () => sockets.forEach((socket) => socket.destroy());
  const refusal = (at: SmtpFault['at']): Error | undefined => {
    const fault = state.faults[0];
    if (fault?.at !== at || !('reply' in fault)) return undefined;
    state.faults.shift();
    return Object.assign(new Error('no'), { responseCode: fault.reply });
  };
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    disabledCommands: ['STARTTLS'],
    onConnect: (_session, done) => {
      state.connections++;
      done(refusal('greeting'));
    },
    onMailFrom: (_address, _session, done) => done(refusal('mail')),
    onRcptTo: (_address, _session, done) => done(refusal('rcpt')),
    onData: (stream, _session, done) => {
      const take = async () => {
        const early = state.faults.find(({ at }) => at === 'command' || at === 'body');
        if (early) {
          state.faults.shift();
          return early.at === 'command' ? cutConnections() : stream.once('data', cutConnections);
        }
        state.received.push(await PostalMime.parse(await buffer(stream)));
        const fault = state.faults[0];
        if (!fault || 'reply' in fault) return done(refusal('data'));
        state.faults.shift();
        if (fault.then === 'drop') cutConnections();
        if (fault.then === 'stall') setTimeout(done, fault.ms);
      };
      // The client was killed in the middle of a mail, so the mail was not received.
      take().catch(() => {});
    },
    ...options,
  });
  server.on('error', () => {});
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(resolve);
      sockets.forEach((socket) => socket.destroy());
    });
  return {
    url: `${options.secure ? 'smtps' : 'smtp'}://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    state,
    cutConnections,
    close,
  };
}

export type FaultySmtp = Awaited<ReturnType<typeof startSmtp>>;

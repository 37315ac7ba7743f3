import { type AddressInfo, createServer, type Socket } from 'node:net';

export interface SmtpScript {
  readonly greeting?: string;
  /** Milliseconds before the greeting, and before the reply to the final dot. */
  readonly greetsAfter?: number;
  readonly repliesAfter?: number;
  /** Lines of the reply to EHLO, after the first. */
  readonly offers?: readonly string[];
  /** The reply to MAIL, if it is not 250; `mail` counts from 1 on each connection. */
  readonly toMail?: (mail: number, connection: number) => string | undefined;
  /** The reply to the final dot, if it is not 250. */
  readonly toDot?: () => string | undefined;
}

/** A mail server on a bare socket that follows a script, and records every line that it receives. */
export async function startScriptedSmtp(script: SmtpScript) {
  const commands: string[] = [];
  const taken: string[] = [];
  let connections = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    const say = (reply: string, after = 0) =>
      setTimeout(() => socket.writable && socket.write(`${reply}\r\n`), after).unref();
    const connection = ++connections;
    let [mails, recipient, inBody] = [0, '', false];
    const commandsOfSmtp: Record<string, (line: string) => void> = {
      EHLO: () => say(replyOf(['scripted', ...(script.offers ?? [])])),
      MAIL: () => say(script.toMail?.(++mails, connection) ?? '250 ok'),
      RCPT: (line) => {
        recipient = /<(.*)>/.exec(line)?.[1] ?? '';
        say('250 ok');
      },
      DATA: () => {
        inBody = true;
        say('354 send it');
      },
      QUIT: () => socket.end('221 bye\r\n'),
    };
    const endOfBody = () => {
      inBody = false;
      const refusal = script.toDot?.();
      if (refusal === undefined) taken.push(recipient);
      say(refusal ?? '250 taken', script.repliesAfter);
    };
    const answer = (line: string): void => {
      if (inBody && line === '.') return endOfBody();
      if (inBody) return;
      commands.push(line);
      const verb = /^\w+/.exec(line)?.[0].toUpperCase() ?? '';
      (commandsOfSmtp[verb] ?? (() => say('250 ok')))(line);
    };
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const lines = (rest + chunk.toString()).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(answer);
    });
    say(script.greeting ?? '220 scripted', script.greetsAfter);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    /** The lines received, in order, without bodies. */
    commands,
    /** The recipients of the mails that it accepted. */
    taken,
    connections: () => connections,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        sockets.forEach((socket) => socket.destroy());
      }),
  };
}

/** Formats one reply of several lines. */
const replyOf = (lines: readonly string[]): string =>
  lines.map((text, index) => `250${index === lines.length - 1 ? ' ' : '-'}${text}`).join('\r\n');

export type ScriptedSmtp = Awaited<ReturnType<typeof startScriptedSmtp>>;

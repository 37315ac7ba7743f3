import { connect } from 'node:net';

/** A header as its name and value; one name may come twice. */
export type Header = readonly [name: string, value: string];

export interface Sent {
  readonly method?: string;
  /** The target of the request line, byte for byte. */
  readonly target?: string;
  readonly headers?: readonly Header[];
  readonly body?: Buffer;
  /** Waits for `100 Continue`, or for a refusal, before the body is sent. */
  readonly expects?: boolean;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case; of a name that came twice, the last. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Whether `100 Continue` came before it. */
  readonly continued: boolean;
  readonly milliseconds: number;
}

const patienceMs = 10_000;
const endOfHead = '\r\n\r\n';

/**
 * Sends a request on a connection of its own exactly as given, and reads to the end of the connection. Rejects when
 * there is no answer within 10 s. A server may answer and close before it has read all of the body.
 */
export async function send(url: string, sent: Sent): Promise<Answer> {
  const { hostname, port, host } = new URL(url);
  const { method = 'GET', target = '/', headers = [], body = Buffer.alloc(0), expects = false } = sent;
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...named('Host', host, headers),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(body.length > 0 && !isChunked(headers) ? named('Content-Length', String(body.length), headers) : []),
    ...(expects ? ['Expect: 100-continue'] : []),
    ...named('Connection', 'close', headers),
  ];
  const began = performance.now();
  const socket = connect({ port: Number(port), host: hostname, noDelay: true });
  // Part of the body may be refused; what was answered counts.
  socket.on('error', () => undefined);
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.write(`${lines.join('\r\n')}${endOfHead}`, 'latin1');
  if (!expects) socket.write(body);
  let text = '';
  let isAsked = false;
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString('latin1');
    if (expects && !isAsked && withoutContinues(text) !== text) {
      isAsked = true;
      socket.write(body);
    }
    if (isWhole(text, method)) socket.destroy();
  });
  await new Promise((resolve) => socket.on('close', resolve));
  return { ...read(text), milliseconds: performance.now() - began };
}

/** The header, unless it is among those that are given. */
const named = (name: string, value: string, given: readonly Header[]): string[] =>
  given.some(([other]) => other.toLowerCase() === name.toLowerCase()) ? [] : [`${name}: ${value}`];

const isChunked = (given: readonly Header[]) => given.some(([name]) => name === 'Transfer-Encoding');

/** A body in two chunks and the last one (RFC 9112 section 7.1). */
export function chunked(body: Buffer): Pick<Sent, 'headers' | 'body'> {
  const half = body.length >> 1;
  const parts = [body.subarray(0, half), body.subarray(half), Buffer.alloc(0)];
  const framed = parts.flatMap((part) => [`${part.length.toString(16)}\r\n`, part, '\r\n']);
  return {
    headers: [['Transfer-Encoding', 'chunked']],
    body: Buffer.concat(framed.map((piece) => Buffer.from(piece))),
  };
}

/** The answer behind what came before it: a proxy may say 100 Continue for itself and for the server behind it. */
const withoutContinues = (text: string): string => text.replace(/^(?:HTTP\/1\.1 100 [^]*?\r\n\r\n)+/, '');

/** By its length, where it tells one; without, the end of the connection decides. */
function isWhole(text: string, method: string): boolean {
  const answer = withoutContinues(text);
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.split(endOfHead, 1)[0] ?? '')?.[1];
  const start = answer.indexOf(endOfHead) + endOfHead.length;
  return length !== undefined && answer.length >= start + (method === 'HEAD' ? 0 : Number(length));
}

function read(text: string): Omit<Answer, 'milliseconds'> {
  const answer = withoutContinues(text);
  const [head = '', ...rest] = answer.split(endOfHead);
  const [line = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1]);
  if (!status)
    throw new Error(`no answer within ${patienceMs / 1000} s, or none that is HTTP: ${text.slice(0, 200)}`);
  const headers = Object.fromEntries(
    lines.map((one) => [
      one.slice(0, one.indexOf(':')).toLowerCase(),
      one.slice(one.indexOf(':') + 1).trim(),
    ]),
  );
  return { status, headers, body: rest.join(endOfHead), continued: answer !== text };
}

import { connect } from 'node:net';

/** A header as its name and value; a name may occur twice. */
export type Header = readonly [name: string, value: string];

export interface Sent {
  readonly method?: string;
  /** The target of the request line, byte for byte. */
  readonly target?: string;
  readonly headers?: readonly Header[];
  readonly body?: Buffer;
  /** Waits for `100 Continue`, or for a refusal, before it sends the body. */
  readonly expects?: boolean;
}

export interface Answer {
  readonly status: number;
  /** Names in lower case; of a repeated name, the last value. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
  /** Whether `100 Continue` came before it. */
  readonly continued: boolean;
  readonly milliseconds: number;
}

const timeoutMs = 10_000;
const headEnd = '\r\n\r\n';

/**
 * Sends a request on its own connection exactly as given, and reads to the end of the connection. Rejects when there is
 * no answer within 10 s. A server may answer and close before it has read all of the body.
 */
export async function send(url: string, sent: Sent): Promise<Answer> {
  const { hostname, port, host } = new URL(url);
  const address = hostname.replaceAll(/[[\]]/g, '');
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
  const socket = connect({ port: Number(port), host: address, noDelay: true });
  // Part of the body may be refused; the answer counts.
  socket.on('error', () => undefined);
  socket.setTimeout(timeoutMs, () => socket.destroy());
  socket.write(`${lines.join('\r\n')}${headEnd}`, 'latin1');
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

/** Returns the header, unless it is among the given ones. */
const named = (name: string, value: string, given: readonly Header[]): string[] =>
  given.some(([other]) => other.toLowerCase() === name.toLowerCase()) ? [] : [`${name}: ${value}`];

const isChunked = (given: readonly Header[]) => given.some(([name]) => name === 'Transfer-Encoding');

/** Returns a body in two chunks and the last one (RFC 9112 section 7.1). */
export function chunked(body: Buffer): Pick<Sent, 'headers' | 'body'> {
  const half = body.length >> 1;
  const parts = [body.subarray(0, half), body.subarray(half), Buffer.alloc(0)];
  const framed = parts.flatMap((part) => [`${part.length.toString(16)}\r\n`, part, '\r\n']);
  return {
    headers: [['Transfer-Encoding', 'chunked']],
    body: Buffer.concat(framed.map((piece) => Buffer.from(piece))),
  };
}

/** Removes the interim answers before the final one: a proxy may send 100 Continue itself and pass on the server's. */
const withoutContinues = (text: string): string => text.replace(/^(?:HTTP\/1\.1 100 [^]*?\r\n\r\n)+/, '');

/** Decides by the length, where there is one; otherwise by the end of the connection. */
function isWhole(text: string, method: string): boolean {
  const answer = withoutContinues(text);
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.split(headEnd, 1)[0] ?? '')?.[1];
  const start = answer.indexOf(headEnd) + headEnd.length;
  return length !== undefined && answer.length >= start + (method === 'HEAD' ? 0 : Number(length));
}

function read(text: string): Omit<Answer, 'milliseconds'> {
  const answer = withoutContinues(text);
  const [head = '', ...rest] = answer.split(headEnd);
  const [line = '', ...lines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1]);
  if (!status)
    throw new Error(`no answer within ${timeoutMs / 1000} s, or none that is HTTP: ${text.slice(0, 200)}`);
  const headers = Object.fromEntries(
    lines.map((one) => [
      one.slice(0, one.indexOf(':')).toLowerCase(),
      one.slice(one.indexOf(':') + 1).trim(),
    ]),
  );
  return { status, headers, body: rest.join(headEnd), continued: answer !== text };
}

import { type Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FuzzAnswer } from './documented.js';
import type { FuzzRequest } from './requests.js';

/** Longer than any answer takes on a busy machine. */
const timeoutMs = 60_000;

/** Sends a request unchanged. Throws when there is no answer in time. */
export async function send(url: string, agent: Agent, sent: FuzzRequest): Promise<FuzzAnswer> {
  const { method, path, headers, body } = sent;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const signal = AbortSignal.timeout(timeoutMs);
    // Node adds no length to the body of a GET or DELETE; the rest would be read as the next request.
    const framed = body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) };
    // Node does not answer an unreadable request directly after one that asked for an upgrade: no request may follow it
    // on the connection.
    const line = headers['upgrade'] === undefined ? agent : false;
    const outgoing = request({ hostname, port, agent: line, method, path, headers: framed, signal });
    outgoing.on('response', resolve).on('error', reject);
    outgoing.end(body);
  });
  return {
    status: response.statusCode ?? 0,
    headers: Object.fromEntries(
      Object.entries(response.headers).map(([name, value]) => [name, [value].flat().join(', ')]),
    ),
    body: await text(response),
  };
}

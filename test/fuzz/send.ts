import { type Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { FuzzAnswer } from './documented.js';
import type { FuzzRequest } from './requests.js';

const patienceMilliseconds = 15_000;

/** Sends a request as it stands. Throws when there is no answer in time. */
export async function send(url: string, agent: Agent, sent: FuzzRequest): Promise<FuzzAnswer> {
  const { method, path, headers, body } = sent;
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const signal = AbortSignal.timeout(patienceMilliseconds);
    // Node adds no length to a body that GET or DELETE should not have; the rest would be read as the next request.
    const framed = body === undefined ? headers : { ...headers, 'content-length': Buffer.byteLength(body) };
    // Node leaves an unreadable request without an answer right after one that asked for an upgrade: none may follow it.
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

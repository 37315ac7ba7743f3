import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isForTheSandbox } from '../../../tools/sandbox/src/console/own-paths.js';
import type { Sandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { storedOperations } from '../../../tools/sandbox/src/stored/operations.js';
import { undocumented } from './discrepancies.js';
import { expectMatchesOpenApi } from './expect-matches-openapi.js';
import { openApi } from './validator.js';

/** Objects that are stored without effect are answered as they were sent. */
const stored = storedOperations.map(({ name }) => name);

const channel = 'http.server.request.start';

interface Started {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Answers outside the document: a form of another site, a wrong method, a body too large or of another kind, not implemented. */
const ownStatuses = [403, 405, 413, 415, 501];

/**
 * Checks every response that a sandbox gives from now on against FusionAuth's OpenAPI document, and returns a
 * function that ends this: it throws with all differences. Excluded are the controls, known gaps of the document, and
 * requests made during a fault.
 */
export function holdAnswers(sandbox: Pick<Sandbox, 'url' | 'faults' | 'settings'>): () => void {
  const port = Number(new URL(sandbox.url).port);
  const document = openApi();
  const complaints = new Set<string>();
  const watch = (message: unknown) => {
    const { request, response } = message as Started;
    // FusionAuth is not known to tell a device to slow down (RFC 8628 section 3.5).
    const faulty = Object.keys(sandbox.faults.list()).length > 0 || sandbox.settings.slowDownDevices;
    if (request.socket.localPort !== port || faulty || isOurs(request.url)) return;
    onBody(response, (body) => {
      try {
        const { statusCode } = response;
        // A preflight belongs to the browser, not to the API.
        if (ownStatuses.includes(statusCode) || request.method === 'OPTIONS') return;
        // Without the query, which may contain a token.
        const operation = `${request.method} ${request.url?.split('?')[0]}`;
        const isOneOf = (names: readonly string[]) => names.some((name) => operation.startsWith(name));
        if (isOneOf(stored) || (!document.has(operation) && isOneOf(undocumented))) return;
        expectMatchesOpenApi(operation, statusCode, parsed(body));
      } catch (error) {
        complaints.add((error as Error).message);
      }
    });
  };
  subscribe(channel, watch);
  return () => {
    unsubscribe(channel, watch);
    if (complaints.size > 0) throw new Error([...complaints].join('\n'));
  };
}

/** Paths that FusionAuth does not have: the controls, and the page at the root. */
const isOurs = (url = ''): boolean => isForTheSandbox(url);

/** Records what was written. Node does not report it, so the response's own methods are wrapped. */
function onBody(response: ServerResponse, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  const keep = (chunk: unknown) => {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
  };
  for (const name of ['write', 'end'] as const) {
    const original = response[name].bind(response) as (...args: unknown[]) => unknown;
    const listening = (...args: unknown[]) => {
      keep(args[0]);
      if (name === 'end') done(Buffer.concat(chunks).toString());
      return original(...args);
    };
    Object.assign(response, { [name]: listening });
  }
}

/** Tells JSON from a page by its text, because Fastify sends the media type straight to the socket. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return body;
  }
}

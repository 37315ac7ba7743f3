import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import { type Listening, serve } from '#gatehouse/platform';
import type { Answer } from './answer.js';
import { clearMails } from './clearing.js';
import type { MailStore } from './mail-store.js';
import type { About } from './page.js';
import { respond } from './page-routes.js';

const heartbeatMs = 15_000;

interface PageServerOptions {
  readonly host: string;
  readonly port: number;
  readonly store: MailStore;
  readonly about: About;
}

/** Serves the mailbox in the browser and, for scripts, as JSON under /api/mails. */
export function startPageServer(options: PageServerOptions): Promise<Listening> {
  const server = createServer((request, response) => handle(request, response, options));
  return serve(server, { ...options, variable: 'MAILBOX_PORT' });
}

function handle(request: IncomingMessage, response: ServerResponse, options: PageServerOptions): void {
  const url = URL.parse(request.url ?? '/', 'http://mailbox');
  if (!isOwnName(request.headers.host)) {
    send(request, response, { status: 421, type: 'text/plain', body: 'Open the mailbox by its address.\n' });
  } else if (!url) {
    send(request, response, { status: 400, type: 'text/plain', body: 'This is not an address.\n' });
  } else if (request.method === 'POST' && url.pathname === '/clear') {
    // A browser that disconnects while it sends the form gets no answer.
    clearMails(request, options.store).then(
      (answer) => send(request, response, answer),
      () => undefined,
    );
  } else if (request.method !== 'GET' && request.method !== 'HEAD') {
    const body = 'Only reading is possible here.\n';
    send(request, response, { status: 405, type: 'text/plain', body, headers: { allow: 'GET, HEAD' } });
  } else if (url.pathname === '/events') {
    streamArrivals(response, options.store);
  } else {
    send(request, response, respond(url, options.store, options.about));
  }
}

/**
 * Returns whether a request uses a name of this machine. A page of another site can point its own name at this address
 * (DNS rebinding) to read the mails; its requests carry that name.
 */
function isOwnName(header: string | undefined): boolean {
  const name = URL.canParse(`http://${header}`) ? new URL(`http://${header}`).hostname : '';
  return name === 'localhost' || isIP(name.replace(/^\[|\]$/g, '')) !== 0;
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const { status = 200, type, body, headers = {} } = answer;
  response.writeHead(status, {
    'content-type': type.startsWith('text/') ? `${type}; charset=utf-8` : type,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

/** Announces every change to one open page by server-sent events; the page then fetches the content. */
function streamArrivals(response: ServerResponse, store: MailStore): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.write('retry: 1000\n\n');
  const unsubscribe = store.subscribe((mail) =>
    response.write(mail ? `event: mail\ndata: ${mail.id}\n\n` : 'event: cleared\ndata: some\n\n'),
  );
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
  response.on('close', () => {
    unsubscribe();
    clearInterval(heartbeat);
  });
}

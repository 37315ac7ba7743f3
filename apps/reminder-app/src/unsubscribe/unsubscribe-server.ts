import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen, type Listening, type Logger } from '#gatehouse/platform';
import type { UnsubscribeLinks } from './unsubscribe-link.js';
import { pages } from './unsubscribe-page.js';
import type { UnsubscriptionRepository } from './unsubscription.repository.js';

interface UnsubscribeParts {
  readonly host: string;
  readonly port: number;
  readonly links: UnsubscribeLinks;
  readonly people: Pick<UnsubscriptionRepository, 'isUnsubscribed' | 'unsubscribe' | 'resubscribe'>;
  readonly log: Logger;
  /** How long a request may take to arrive, in milliseconds. */
  readonly requestTimeoutMs?: number;
}

interface Answer {
  readonly status: number;
  readonly page: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Enough for a form with one button, or the body of RFC 8058. */
const maxBodyBytes = 4_096;
/** How often Node checks for requests that take too long; at its default of 30 s a limit of 10 s could become 40 s. */
const checkIntervalMs = 1_000;
/**
 * Longer than a proxy keeps idle connections, mostly 60 s; otherwise it may send a POST into one that is being
 * closed.
 */
const keepAliveMs = 72_000;

/** Nothing is loaded or framed, no referrer is sent, and the form posts only to the same origin. */
const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** The server of the page, which listens from the first call of `serve` until `close`. */
export class UnsubscribeServer {
  #served: Promise<Listening> | undefined;

  constructor(private readonly parts: UnsubscribeParts) {}

  /** Starts to listen. Throws an ExitError 4 if the port is in use. */
  serve(): Promise<Listening> {
    return (this.#served ??= serveUnsubscribe(this.parts));
  }

  async close(): Promise<void> {
    const served = await this.#served?.catch(() => undefined);
    await served?.close();
  }
}

/**
 * Serves the links of the mails: a GET shows a button and changes nothing, because programs follow links before
 * people do; a POST unsubscribes immediately (RFC 8058 section 3.2: without confirmation, without a log-in). `GET
 * /livez` reports that it is up.
 */
export async function serveUnsubscribe(parts: UnsubscribeParts): Promise<Listening> {
  const limits = {
    requestTimeout: parts.requestTimeoutMs ?? 10_000,
    connectionsCheckingInterval: checkIntervalMs,
    keepAliveTimeout: keepAliveMs,
  };
  const server = createServer(limits, (request, response) => {
    void answer(request, parts)
      .catch((error: unknown) => {
        parts.log.error({ err: error }, 'an unsubscription could not be recorded');
        return { status: 503, page: pages.unavailable(), headers: { 'retry-after': '60' } };
      })
      .then((result) => {
        // A keep-alive connection would delay the close for as long as it may be idle.
        if (!server.listening) response.setHeader('connection', 'close');
        send(response, result);
      });
  });
  return {
    url: await listen(server, parts),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Node omits the body of an answer to HEAD. */
function send(response: ServerResponse, { status, page, headers: more }: Answer): void {
  response.writeHead(status, { ...headers, ...more, 'content-length': Buffer.byteLength(page) });
  response.end(page);
}

/** Matches the last two segments, so that a proxy may serve the page below another path. */
const address = /\/unsubscribe\/([\w-]+\.[\w-]+)$/;

async function answer(request: IncomingMessage, parts: UnsubscribeParts): Promise<Answer> {
  const [path = ''] = (request.url ?? '').split('?');
  if (path === '/livez') return { status: 200, page: 'ok\n', headers: { 'content-type': 'text/plain' } };
  if (path === '/' && isRead(request)) return { status: 200, page: pages.root() };
  const token = address.exec(path)?.[1];
  const recipient = token === undefined ? undefined : parts.links.recipientOf(token);
  if (recipient === undefined) return { status: 404, page: pages.unknown() };
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return { status: 200, page: await present(recipient, parts) };
    case 'POST':
      return { status: 200, page: await change(recipient, await bodyOf(request), parts) };
    default:
      return { status: 405, page: pages.unknown(), headers: { allow: 'GET, HEAD, POST' } };
  }
}

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const present = async (recipient: string, { people }: UnsubscribeParts): Promise<string> =>
  (await people.isUnsubscribed(recipient)) ? pages.unsubscribed(recipient) : pages.ask(recipient);

/** Any POST of a mail program unsubscribes; only our own button resubscribes. */
async function change(recipient: string, body: string, { people, log }: UnsubscribeParts): Promise<string> {
  if (new URLSearchParams(body).get('action') === 'resubscribe') {
    await people.resubscribe(recipient);
    log.info('a person resubscribed');
    return pages.resubscribed(recipient);
  }
  await people.unsubscribe(recipient);
  log.info('a person unsubscribed');
  return pages.unsubscribed(recipient);
}

/** Returns the beginning of the body; the rest is read and discarded. */
async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>)
    if (text.length < maxBodyBytes) text += chunk.toString('latin1');
  return text;
}

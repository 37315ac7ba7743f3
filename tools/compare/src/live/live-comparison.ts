import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ExitError, isFromOwnPage, pageHeaders } from '#gatehouse/platform';
import type { LiveOptions, LivePages } from './live-pages.js';

/**
 * Turns the Dev Center's /compare into a page that runs the comparison, with cells that appear as they are measured.
 */
export interface LiveComparison {
  /** Adds the pages to a server. */
  readonly pages: (server: FastifyInstance) => void;
  /** Aborts a run in progress; its results are lost. */
  close(): Promise<void>;
}

export function liveComparison(options: LiveOptions): LiveComparison {
  let loaded: Promise<LivePages> | undefined;
  // Experiments and pictures are loaded on the first visit, not when the system starts.
  const live = () =>
    (loaded ??= import('./live-pages.js').then(({ LivePages: Pages }) => new Pages(options)));
  return {
    pages(server) {
      for (const path of ['/compare/', '/compare/index.html'])
        server.get(path, async (_request, reply) => sendPage(reply, async () => (await live()).report()));
      for (const path of ['/compare/choose', '/compare/choose.html'])
        server.get(path, async (_request, reply) => sendPage(reply, async () => (await live()).choose()));
      server.get('/compare/live', async (_request, reply) => follow(await live(), reply));
      server.post('/compare/live', async (request, reply) => begin(live, request, reply));
    },
    close: async () => (await loaded)?.close(),
  };
}

async function sendPage(reply: FastifyReply, page: () => Promise<string>): Promise<FastifyReply> {
  try {
    const html = await page();
    return await reply.headers(pageHeaders).type('text/html; charset=utf-8').send(html);
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    return reply.code(404).type('text/plain; charset=utf-8').send(`${error.message}\n`);
  }
}

/** Sends server-sent events until the browser disconnects. */
function follow(pages: LivePages, reply: FastifyReply): FastifyReply {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const leave = pages.follow(({ name, data }) => void raw.write(`event: ${name}\ndata: ${data}\n\n`));
  raw.on('close', leave);
  return reply;
}

async function begin(
  live: () => Promise<LivePages>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  void reply.type('text/plain; charset=utf-8');
  // A page of another site must not start minutes of work.
  if (!isFromOwnPage(request.headers))
    return reply.code(403).send('Only the page itself begins a run, opened at an address of this machine.\n');
  if ((await live()).begin()) return reply.code(202).send('');
  return reply.code(409).send('A run is under way.\n');
}

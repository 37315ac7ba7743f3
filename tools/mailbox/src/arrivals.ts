import type { ServerResponse } from 'node:http';
import type { MailStore } from './mail-store.js';

const heartbeatMilliseconds = 15_000;

/** Tells one open page about every arrival by server-sent events; the page then fetches what it shows. */
export function streamArrivals(response: ServerResponse, store: MailStore): void {
  response.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.write('retry: 1000\n\n');
  const unsubscribe = store.subscribe((mail) => response.write(`event: mail\ndata: ${mail.id}\n\n`));
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMilliseconds);
  response.on('close', () => {
    unsubscribe();
    clearInterval(heartbeat);
  });
}

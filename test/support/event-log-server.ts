import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fusionAuthData } from '#gatehouse/fusionauth';
import { Secret } from '#gatehouse/platform';

export const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';

/** An entry of the log, as its event was sent. */
export interface LoggedEvent {
  readonly event: { readonly type: string; readonly createInstant: number };
}

/** FusionAuth’s event log and sessions, and nothing else of it, controlled by a test. */
export class EventLogServer {
  /** In the order in which they were created. */
  events: LoggedEvent[] = [];
  readonly sessions = new Set<string>();
  readonly searches: Record<string, string>[] = [];
  readonly askedFor: string[] = [];
  /** The status to answer instead of 200. */
  status = 200;
  headers: IncomingMessage['headers'] = {};
  readonly #server = createServer((request, response) => this.#answer(request, response));

  /** Starts to listen, and returns a client of it. */
  async start() {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return fusionAuthData({
      url: `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`,
      tenantId,
      applicationId: tenantId,
      deadlineMs: 2_000,
      apiKey: new Secret('our-own-key'),
    });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    this.headers = request.headers;
    const session = /^\/api\/jwt\/refresh\/(.*)$/.exec(pathname)?.[1];
    if (session !== undefined) this.askedFor.push(session);
    else this.searches.push(Object.fromEntries(searchParams));
    const body = session === undefined ? this.#search(searchParams) : this.#session(session);
    const status = this.status === 200 && body === undefined ? 404 : this.status;
    response.writeHead(status).end(status === 200 ? JSON.stringify(body) : undefined);
  }

  #session(id: string) {
    const refreshToken = { id, userId: tenantId, applicationId: tenantId };
    return this.sessions.has(id) ? { refreshToken } : undefined;
  }

  /** As FusionAuth documents `GET /api/system/webhook-event-log/search`. */
  #search(query: URLSearchParams) {
    const found = this.events
      .filter(({ event }) => event.type === query.get('eventType'))
      .filter(({ event }) => event.createInstant >= Number(query.get('start')));
    if (query.get('orderBy') !== 'insertInstant ASC') found.reverse();
    const row = Number(query.get('startRow'));
    const page = found.slice(row, row + Number(query.get('numberOfResults')));
    const webhookEventLogs = page.map((event, id) => ({ id, eventResult: 'Succeeded', attempts: [], event }));
    return { total: found.length, webhookEventLogs };
  }
}

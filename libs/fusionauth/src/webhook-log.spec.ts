import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '#gatehouse/platform';
import { fusionAuthData } from './data.js';
import type { WebhookEvent } from './webhook-event.js';

const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const idsOf = (events: readonly (WebhookEvent | undefined)[]) =>
  events.map((event) => (event && 'id' in event ? event.id : undefined));
const deletion = (n: number, data?: string) => ({
  event: { id: uuid(n), type: 'user.delete', createInstant: n, tenantId, user: { id: uuid(n), data } },
});

/** Serves the log as FusionAuth documents its search, with `entries` in the order in which they were made. */
async function serve(entries: readonly { event: { type: string; createInstant: number } }[]) {
  const requests: URLSearchParams[] = [];
  const state = { status: 200, headers: {} as IncomingMessage['headers'] };
  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '', 'http://x');
    state.headers = request.headers;
    if (state.status !== 200 || pathname !== '/api/system/webhook-event-log/search')
      return response.writeHead(state.status === 200 ? 404 : state.status).end();
    requests.push(query);
    const found = entries
      .filter(({ event }) => event.type === query.get('eventType'))
      .filter(({ event }) => event.createInstant >= Number(query.get('start')));
    if (query.get('orderBy') !== 'insertInstant ASC') found.reverse();
    const row = Number(query.get('startRow'));
    const page = found.slice(row, row + Number(query.get('numberOfResults')));
    const logged = page.map((event, at) => ({ id: uuid(at), eventResult: 'Succeeded', attempts: [], event }));
    return response.end(JSON.stringify({ total: found.length, webhookEventLogs: logged }));
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const data = fusionAuthData({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tenantId,
    applicationId: tenantId,
    deadlineMs: 2_000,
    apiKey: new Secret('our-own-key'),
  });
  const search = async (since = 0) => {
    const events: (WebhookEvent | undefined)[] = [];
    for await (const event of data.webhookLog.search({ type: 'user.delete', since })) events.push(event);
    return events;
  };
  return {
    requests,
    state,
    search,
    data,
    async [Symbol.asyncDispose]() {
      await data.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);

describe('the log of events', () => {
  it('is read with our own key: all events of a type since an instant, oldest first', async () => {
    const other = { event: { ...deletion(7).event, type: 'user.deactivate' } };
    await using log = await serve([deletion(3), deletion(5), other, deletion(8)]);
    const events = await log.search(5);
    expect(events).toEqual([
      { type: 'user.delete', id: uuid(5), createInstant: 5, tenantId, userId: uuid(5) },
      { type: 'user.delete', id: uuid(8), createInstant: 8, tenantId, userId: uuid(8) },
    ]);
    expect(log.state.headers).toMatchObject({
      authorization: 'our-own-key',
      'x-fusionauth-tenantid': tenantId,
    });
  });

  it.each([0, 1, 24, 25, 26, 75])('is read to its end, page by page: %i events', async (count) => {
    await using log = await serve(numbers(1, count).map((n) => deletion(n)));
    expect(idsOf(await log.search())).toEqual(numbers(1, count).map(uuid));
    expect(log.requests).toHaveLength(Math.floor(count / 25) + 1);
  });

  it('is read in smaller pages where events are long', async () => {
    const long = 'x'.repeat(30_000);
    await using log = await serve(numbers(1, 30).map((n) => deletion(n, long)));
    expect(idsOf(await log.search())).toEqual(numbers(1, 30).map(uuid));
  });

  it('is read on behind an event that is longer than any that we would read', async () => {
    const endless = 'x'.repeat(300_000);
    await using log = await serve(numbers(1, 30).map((n) => deletion(n, n === 17 ? endless : '')));
    expect(idsOf(await log.search())).toEqual(numbers(1, 30).map((n) => (n === 17 ? undefined : uuid(n))));
  });

  it('has undefined in the place of an event that cannot be read', async () => {
    const odd = { event: { type: 'user.delete', createInstant: 2 } };
    await using log = await serve([deletion(1), odd, deletion(3)]);
    expect(idsOf(await log.search())).toEqual([uuid(1), undefined, uuid(3)]);
  });

  it('may be closed to our key, which is told apart from an outage and from a FusionAuth that has none', async () => {
    await using log = await serve([]);
    const failureFor = (status: number) => {
      log.state.status = status;
      return log.search().catch((error: unknown) => error);
    };
    await expect(failureFor(401)).resolves.toMatchObject({ name: 'FusionAuthRefusedUs' });
    await expect(failureFor(500)).resolves.toMatchObject({ name: 'FusionAuthUnavailable' });
    await expect(failureFor(404)).resolves.toMatchObject({
      message: expect.stringContaining('unexpected answer 404'),
    });
  });

  it('is asked for nothing where only the permission of our key is in question', async () => {
    await using log = await serve([deletion(3)]);
    const permission = 'GET /api/system/webhook-event-log/search';
    await expect(log.data.ownKey.permits(permission)).resolves.toBe(true);
    expect(Object.fromEntries(log.requests[0] ?? [])).toEqual({ start: '0', end: '1' });
    log.state.status = 401;
    await expect(log.data.ownKey.permits(permission)).resolves.toBe(false);
  });
});

import { EventLogServer, tenantId } from '../../../test/support/event-log-server.js';
import type { FusionAuthData } from './data.js';
import type { WebhookEvent } from './webhook-event.js';

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at);
const deletion = (n: number, data?: string) => ({
  event: { id: uuid(n), type: 'user.delete', createInstant: n, tenantId, user: { id: uuid(n), data } },
});
const idsOf = (events: readonly (WebhookEvent | undefined)[]) =>
  events.map((event) => (event && 'id' in event ? event.id : undefined));

describe('the log of events', () => {
  let log: EventLogServer;
  let data: FusionAuthData;

  beforeEach(async () => {
    log = new EventLogServer();
    data = await log.start();
  });

  afterEach(async () => {
    await data.close();
    await log.close();
  });

  const search = async (since = 0) => {
    const events: (WebhookEvent | undefined)[] = [];
    for await (const event of data.webhookLog.search({ type: 'user.delete', since })) events.push(event);
    return events;
  };

  it('is read with our own key: all events of a type since an instant, oldest first', async () => {
    const other = { event: { ...deletion(7).event, type: 'user.deactivate' } };
    log.events = [deletion(3), deletion(5), other, deletion(8)];
    expect(await search(5)).toEqual([
      { type: 'user.delete', id: uuid(5), createInstant: 5, tenantId, userId: uuid(5) },
      { type: 'user.delete', id: uuid(8), createInstant: 8, tenantId, userId: uuid(8) },
    ]);
    expect(log.headers).toMatchObject({ authorization: 'our-own-key', 'x-fusionauth-tenantid': tenantId });
  });

  it.each([0, 1, 24, 25, 26, 75])('is read to its end, page by page: %i events', async (count) => {
    log.events = numbers(1, count).map((n) => deletion(n));
    expect(idsOf(await search())).toEqual(numbers(1, count).map(uuid));
    expect(log.searches).toHaveLength(Math.floor(count / 25) + 1);
  });

  it('is read in smaller pages if events are long', async () => {
    log.events = numbers(1, 30).map((n) => deletion(n, 'x'.repeat(30_000)));
    expect(idsOf(await search())).toEqual(numbers(1, 30).map(uuid));
  });

  it('is read beyond an event that is too long to be read', async () => {
    const endless = 'x'.repeat(300_000);
    log.events = numbers(1, 30).map((n) => deletion(n, n === 17 ? endless : ''));
    expect(idsOf(await search())).toEqual(numbers(1, 30).map((n) => (n === 17 ? undefined : uuid(n))));
  });

  it('has undefined in place of an event that cannot be read', async () => {
    log.events = [deletion(1), { event: { type: 'user.delete', createInstant: 2 } }, deletion(3)];
    expect(idsOf(await search())).toEqual([uuid(1), undefined, uuid(3)]);
  });

  it('may be closed to our key, which differs from an outage and from a FusionAuth without a log', async () => {
    const failureFor = (status: number) => {
      log.status = status;
      return search().catch((error: unknown) => error);
    };
    const about = { operation: 'webhook log' };
    await expect(failureFor(401)).resolves.toMatchObject({ ...about, name: 'FusionAuthRefusedUs' });
    await expect(failureFor(500)).resolves.toMatchObject({ ...about, name: 'FusionAuthUnavailable' });
    await expect(failureFor(404)).resolves.toMatchObject({
      ...about,
      message: expect.stringContaining('unexpected answer 404'),
    });
  });

  it('is searched for nothing to test the permission of our key', async () => {
    const permission = 'GET /api/system/webhook-event-log/search';
    await expect(data.ownKey.permits(permission)).resolves.toBe(true);
    expect(log.searches).toEqual([{ start: '0', end: '1' }]);
    log.status = 401;
    await expect(data.ownKey.permits(permission)).resolves.toBe(false);
  });
});

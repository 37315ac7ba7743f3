import { adaId, api, call, lock, tenantId } from '../started-sandbox.js';
import { addWebhook, sendEvents } from '../webhook-receiver.js';
import { del, events, receiver, sandbox } from './ground.js';

interface Log {
  readonly id: string;
  readonly eventType: string;
  readonly sequence: number;
  readonly insertInstant: number;
  readonly attempts: { id: string }[];
}
const path = '/api/system/webhook-event-log';
const search = async (criteria: object = {}) => {
  const { body } = await call(sandbox, 'POST', `${path}/search`, { search: criteria });
  return body as { total: number; webhookEventLogs: Log[] };
};
const typesOf = async (criteria: object) =>
  (await search(criteria)).webhookEventLogs.map(({ eventType }) => eventType);
const brunoOf = async () => {
  const { body } = await call(sandbox, 'GET', '/api/user?email=bruno@example.com');
  return (body['user'] as { id: string }).id;
};

beforeEach(() => sendEvents(sandbox));

describe('the event log', () => {
  it('contains an event as it was sent, with each attempt', async () => {
    const webhookId = await addWebhook(sandbox, receiver.url);
    await del(`/api/user/${adaId}`);
    const [event] = await events();
    const { total, webhookEventLogs } = await search();
    expect(total).toBe(1);
    const [log] = webhookEventLogs;
    expect(log).toEqual({
      id: expect.any(String),
      event: { event },
      eventResult: 'Succeeded',
      eventType: 'user.deactivate',
      linkedObjectId: adaId,
      failedAttempts: 0,
      successfulAttempts: 1,
      insertInstant: event!.createInstant,
      lastAttemptInstant: expect.any(Number),
      lastUpdateInstant: expect.any(Number),
      sequence: 1,
      attempts: [
        {
          id: expect.any(String),
          attemptResult: 'Success',
          startInstant: expect.any(Number),
          endInstant: expect.any(Number),
          webhookCallResponse: { statusCode: 200, url: receiver.url },
          webhookEventLogId: log!.id,
          webhookId,
        },
      ],
    });
    expect((await call(sandbox, 'GET', `${path}/${log!.id}`)).body).toEqual({ webhookEventLog: log });
    const [attempt] = log!.attempts;
    const attemptPath = '/api/system/webhook-attempt-log';
    expect((await call(sandbox, 'GET', `${attemptPath}/${attempt!.id}`)).body).toEqual({
      webhookAttemptLog: attempt,
    });
    for (const absent of [`${path}/${tenantId}`, `${attemptPath}/${tenantId}`])
      expect(await call(sandbox, 'GET', absent)).toMatchObject({ status: 404, text: '' });
  });

  it('counts a lost event under None as succeeded, with the failed attempt', async () => {
    await addWebhook(sandbox, receiver.url);
    receiver.answer = (response) => response.writeHead(503).end();
    await del(`/api/user/${adaId}`);
    await events();
    expect((await search()).webhookEventLogs).toMatchObject([
      { eventResult: 'Succeeded', failedAttempts: 1, successfulAttempts: 0 },
    ]);
    expect(await search({ eventResult: 'Failed' })).toEqual({ total: 0, webhookEventLogs: [] });
  });

  it('contains an event whose transaction failed', async () => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    await addWebhook(sandbox, receiver.url);
    receiver.answer = (response) => response.writeHead(503).end();
    expect((await del(`/api/user/${adaId}`)).status).toBe(504);
    expect((await search({ eventResult: 'Failed' })).total).toBe(1);
  });

  it('shows Running while an event is being delivered', async () => {
    await addWebhook(sandbox, receiver.url);
    sandbox.webhooks.disturb({ delayMs: 300 });
    await del(`/api/user/${adaId}`);
    expect(await search({ eventResult: 'Running' })).toMatchObject({
      webhookEventLogs: [{ failedAttempts: 0, successfulAttempts: 0, attempts: [] }],
    });
    await events();
    expect((await search({ eventResult: 'Running' })).total).toBe(0);
  });

  it('contains no event without a receiver', async () => {
    await del(`/api/user/${adaId}`);
    expect(await search()).toEqual({ total: 0, webhookEventLogs: [] });
  });

  it('keeps the newest five hundred', async () => {
    await addWebhook(sandbox, receiver.url);
    for (let one = 0; one < 502; one += 1) await sandbox.withdrawKey(await kidOfTokens());
    const { total, webhookEventLogs } = await search({ orderBy: 'sequence ASC', numberOfResults: 1 });
    expect([total, webhookEventLogs[0]!.sequence]).toEqual([500, 3]);
  });

  it.each([
    ['of a tenant is enough, with that permission', ['/api/system/webhook-event-log/search'], 200],
    ['without that permission is not', ['/api/system/webhook-event-log'], 401],
  ])('is searched with a key: one %s', async (_kind, endpoints, status) => {
    const { body } = await call(sandbox, 'POST', '/api/api-key', {
      apiKey: {
        tenantId,
        permissions: { endpoints: Object.fromEntries(endpoints.map((one) => [one, ['POST']])) },
      },
    });
    const authorization = (body['apiKey'] as { key: string }).key;
    const answer = await call(sandbox, 'POST', `${path}/search`, { search: {} }, { authorization });
    expect(answer.status).toBe(status);
  });
});

describe('a search of the event log', () => {
  let bruno: string;
  let instants: number[];

  beforeEach(async () => {
    bruno = await brunoOf();
    await addWebhook(sandbox, receiver.url);
    await lock(sandbox, bruno);
    sandbox.clock.advance(10_000);
    await del(`/api/user/${bruno}`);
    sandbox.clock.advance(10_000);
    await del(`/api/user/${adaId}`);
    await events();
    instants = (await search({ orderBy: 'sequence ASC' })).webhookEventLogs.map(
      ({ insertInstant }) => insertInstant,
    );
  });

  it('answers the newest first', async () => {
    expect(await typesOf({})).toEqual(['user.deactivate', 'user.deactivate', 'user.action']);
    const sequences = async (orderBy: string) =>
      (await search({ orderBy })).webhookEventLogs.map(({ sequence }) => sequence);
    expect(await sequences('insertInstant ASC')).toEqual([1, 2, 3]);
    expect(await sequences('eventType DESC')).toEqual([3, 2, 1]);
    expect(await sequences('eventType asc')).toEqual([1, 2, 3]);
  });

  it('filters by type, by a part of the event and by inclusive instants', async () => {
    expect(await typesOf({ eventType: 'user.action' })).toEqual(['user.action']);
    expect(await typesOf({ event: bruno })).toEqual(['user.deactivate', 'user.action']);
    const [first, second] = instants;
    expect(await typesOf({ start: second })).toHaveLength(2);
    expect(await typesOf({ start: second! + 1 })).toHaveLength(1);
    expect(await typesOf({ end: first })).toEqual(['user.action']);
    expect(await typesOf({ start: first, end: second })).toHaveLength(2);
  });

  it('answers page by page, with the total of all', async () => {
    const { total, webhookEventLogs } = await search({ startRow: 1, numberOfResults: 1 });
    expect([total, webhookEventLogs.map(({ sequence }) => sequence)]).toEqual([3, [2]]);
  });

  it('accepts the same criteria in the query', async () => {
    const answer = await api(sandbox, 'GET', `${path}/search?eventType=user.deactivate&startRow=1`);
    expect(await answer.json()).toMatchObject({ total: 2, webhookEventLogs: [{ sequence: 2 }] });
  });

  it.each([
    ['orderBy', { orderBy: 'id; DROP TABLE' }],
    ['eventResult', { eventResult: 'Lost' }],
    ['startRow', { startRow: -1 }],
  ])('refuses an invalid %s', async (_field, criteria) => {
    const { status, text } = await call(sandbox, 'POST', `${path}/search`, { search: criteria });
    expect([status, text]).toEqual([400, expect.stringContaining(`search.${_field}`)]);
  });
});

async function kidOfTokens(): Promise<string> {
  const { body } = await call(sandbox, 'GET', '/api/key/5d0f7a66-2c51-4a5b-9f0e-6c1d2b3a4e5f');
  return (body['key'] as { kid: string }).kid;
}

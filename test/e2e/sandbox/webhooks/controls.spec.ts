import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { request } from 'undici';
import { stateFileIn } from '../../../../tools/sandbox/src/state/state-file.js';
import { adaId, call, lock, logIn, refresh, startedSandbox } from '../started-sandbox.js';
import { addWebhook, sendEvents } from '../webhook-receiver.js';
import { del, events, receiver, sandbox, session } from './ground.js';

const control = async (method: string, path: string, body?: object) => {
  const answer = await request(`${sandbox.url}/_sandbox${path}`, {
    method: method as 'GET',
    ...(body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {}),
  });
  const text = await answer.body.text();
  return { status: answer.statusCode, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
};
const isActive = async () => {
  const { user } = (await call(sandbox, 'GET', `/api/user/${adaId}`)).body as { user: { active: boolean } };
  return user.active;
};

beforeEach(async () => {
  await sendEvents(sandbox);
  await addWebhook(sandbox, receiver.url);
});

describe('deliveries', () => {
  it('are duplicated, the same bytes twice', async () => {
    sandbox.webhooks.disturb({ duplicate: true, times: 1 });
    await del(`/api/user/${adaId}`);
    await events();
    const [first, second, ...more] = receiver.received;
    expect([second!.body, more]).toEqual([first!.body, []]);
    await sandbox.rotateKey();
    expect(await events()).toHaveLength(3);
  });

  it('are lost a given number of times, or until that is cleared', async () => {
    sandbox.webhooks.disturb({ lose: true, times: 2 });
    for (const _time of [1, 2, 3]) await sandbox.rotateKey();
    expect(await events()).toHaveLength(1);
    sandbox.webhooks.disturb({ lose: true });
    for (const _time of [1, 2, 3]) await sandbox.rotateKey();
    expect(await events()).toHaveLength(1);
    sandbox.webhooks.clear();
    await sandbox.rotateKey();
    expect(await events()).toHaveLength(2);
  });

  it('fail a transaction when they are lost', async () => {
    await sendEvents(sandbox, 'AbsoluteMajority');
    sandbox.webhooks.disturb({ lose: true, times: 1 });
    expect((await del(`/api/user/${adaId}`)).status).toBe(504);
    expect(await isActive()).toBe(true);
  });

  it('change their order when one of them is delayed', async () => {
    sandbox.webhooks.disturb({ delayMs: 1000, times: 1 });
    await del(`/api/user/${adaId}`);
    await lock(sandbox, adaId);
    expect((await events()).map(({ type }) => type)).toEqual(['user.action', 'user.deactivate']);
  });

  it('are listed with their outcome and without their content', async () => {
    receiver.answer = (response) => response.writeHead(500).end();
    await del(`/api/user/${adaId}`);
    const [event] = await events();
    sandbox.webhooks.disturb({ lose: true, delayMs: 20, times: 1 });
    await sandbox.rotateKey();
    await sandbox.webhooks.settled();
    const { body } = await control('GET', '/webhooks');
    expect(body).toEqual({
      disturbance: { commitAfterMs: 0 },
      deliveries: [
        {
          at: expect.any(Number),
          eventId: event!.id,
          type: 'user.deactivate',
          webhookId: expect.any(String),
          delayMs: 0,
          outcome: 'answered',
          status: 500,
          milliseconds: expect.any(Number),
        },
        expect.objectContaining({ type: 'jwt.public-key.update', delayMs: 20, outcome: 'lost' }),
      ],
    });
    await control('DELETE', '/webhooks');
    expect(sandbox.webhooks.deliveries()).toEqual([]);
  });
});

describe('a change', () => {
  it('is made the configured time after its event was sent, and is invisible until then', async () => {
    const { id, refreshToken } = await session();
    sandbox.webhooks.commitAfter(1_500);
    const revoking = del(`/api/jwt/refresh/${id}`);
    while (receiver.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await refresh(sandbox, refreshToken)).status).toBe(200);
    expect((await revoking).status).toBe(200);
    expect((await refresh(sandbox, refreshToken)).status).toBe(400);
  });
});

describe('over HTTP', () => {
  it('deliveries are disturbed and waited for', async () => {
    const wanted = { delayMs: 1_000, duplicate: true, times: 1, commitAfterMs: 1 };
    expect((await control('POST', '/webhooks', wanted)).status).toBe(204);
    expect((await control('GET', '/webhooks')).body).toEqual({ disturbance: wanted, deliveries: [] });
    await del(`/api/user/${adaId}`);
    expect(receiver.received).toEqual([]);
    expect((await control('GET', '/webhooks/settled')).status).toBe(204);
    expect(receiver.received).toHaveLength(2);
    expect((await control('POST', '/webhooks', { lose: 'all' })).status).toBe(400);
  });

  it('all of this is documented', async () => {
    const { body } = await control('GET', '');
    const { controls } = body as { controls: { method: string; path: string; about: string }[] };
    const about = controls.filter(({ path }) => path.startsWith('/_sandbox/webhooks'));
    expect(about.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /_sandbox/webhooks',
      'POST /_sandbox/webhooks',
      'DELETE /_sandbox/webhooks',
      'GET /_sandbox/webhooks/settled',
    ]);
    expect(JSON.stringify(about)).toContain('to this machine only');
  });
});

describe('a reset', () => {
  it.each([
    ['commit is delayed', 1000],
    ['last receiver has not answered', 0],
  ])('aborts deliveries while the %s, and does not affect the new instance', async (_state, delayMs) => {
    await sendEvents(sandbox, 'Any');
    await addWebhook(sandbox, receiver.url, { headers: { 'x-silent': 'yes' } });
    receiver.answer = (response, { headers }) => (headers['x-silent'] ? undefined : response.end());
    sandbox.webhooks.disturb({ duplicate: true });
    sandbox.webhooks.commitAfter(delayMs);
    const deactivating = del(`/api/user/${adaId}`);
    while (receiver.received.length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    await sandbox.reset();
    expect((await deactivating).status).toBe(504);
    expect(await isActive()).toBe(true);
    expect(sandbox.webhooks.deliveries()).toEqual([]);
    expect([sandbox.webhooks.disturbance, sandbox.webhooks.commitAfterMs]).toEqual([{}, 0]);
    const { body } = await call(sandbox, 'GET', '/api/system/webhook-event-log/search');
    expect(body).toEqual({ total: 0, webhookEventLogs: [] });
  });
});

describe('a sandbox that closes', () => {
  it('aborts deliveries immediately, and restores webhooks and event log when it restarts', async () => {
    const first = await startedSandbox();
    await sendEvents(first.sandbox, 'AbsoluteMajority');
    const url = receiver.url;
    const id = await addWebhook(first.sandbox, url, { readTimeout: 60_000, headers: { 'x-kept': 'yes' } });
    await logIn(first.sandbox);
    await call(first.sandbox, 'DELETE', `/api/user/${adaId}`);
    receiver.answer = () => undefined;
    const hanging = first.sandbox.rotateKey().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    const start = performance.now();
    await first.sandbox.close();
    expect(performance.now() - start).toBeLessThan(2000);
    expect(await hanging).toBeInstanceOf(Error);

    const second = await startedSandbox({ dataDir: first.dataDir });
    const webhook = (await call(second.sandbox, 'GET', `/api/webhook/${id}`)).body['webhook'];
    expect(webhook).toMatchObject({ id, url, headers: { 'x-kept': 'yes' } });
    const log = await call(
      second.sandbox,
      'GET',
      '/api/system/webhook-event-log/search?eventResult=Succeeded',
    );
    expect(log.body).toMatchObject({ total: 1, webhookEventLogs: [{ eventType: 'user.deactivate' }] });
    await second.stop();
    await first.stop();
  });

  it('no longer writes to its directory, which may belong to the next sandbox', async () => {
    const { sandbox: closing, dataDir, stop } = await startedSandbox();
    await closing.close();
    const file = stateFileIn(join(dataDir, 'sandbox'));
    rmSync(file);
    await closing.rotateKey();
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(existsSync(file)).toBe(false);
    await stop();
  });

  it('does not write there after a start that failed either', async () => {
    const { sandbox: earlier, dataDir, stop } = await startedSandbox();
    const apiKey = { name: 'deleted' };
    const { id } = (await call(earlier, 'POST', '/api/api-key', { apiKey })).body['apiKey'] as { id: string };
    await call(earlier, 'DELETE', `/api/api-key/${id}`);
    await earlier.close();
    await expect(startedSandbox({ dataDir, port: Number(new URL(sandbox.url).port) })).rejects.toThrow();
    const file = stateFileIn(join(dataDir, 'sandbox'));
    rmSync(file);
    // Within a second the deleted key is removed from the state.
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(existsSync(file)).toBe(false);
    await stop();
  });
});

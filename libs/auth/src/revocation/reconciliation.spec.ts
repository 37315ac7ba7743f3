import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { type FusionAuthData, fusionAuthData, type WebhookEvent } from '#gatehouse/fusionauth';
import { createLogger, Secret } from '#gatehouse/platform';
import {
  adaId,
  applicationId,
  call,
  lock,
  logIn,
  startedSandbox,
  tenantId,
} from '../../../../test/e2e/sandbox/started-sandbox.js';
import { addWebhook } from '../../../../test/e2e/sandbox/webhook-receiver.js';
import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { reconciliation } from './reconciliation.js';
import { inProcessRevocations } from './revocation-memory.js';

const keepMs = 3_600_000;

describe('reconciliation', () => {
  let sandbox: Sandbox;
  let fusionAuth: FusionAuthData;
  let stop: () => Promise<void>;

  beforeAll(async () => {
    ({ sandbox, stop } = await startedSandbox());
    const apiKey = new Secret(sandbox.secrets['FUSIONAUTH_API_KEY']!);
    fusionAuth = fusionAuthData({ url: sandbox.url, tenantId, applicationId, deadlineMs: 2_000, apiKey });
  });

  afterAll(async () => {
    await fusionAuth.close();
    await stop();
  });

  function started(clock = Date.now, from: Parameters<typeof reconciliation>[0]['fusionAuth'] = fusionAuth) {
    const memory = inProcessRevocations(clock);
    const applied: WebhookEvent[] = [];
    const one = reconciliation({
      fusionAuth: from,
      memory,
      apply: (event) => Promise.resolve(applied.push(event)),
      record: (revocations) => memory.record(revocations),
      keepMs,
      clockSkewMs: 0,
      clock,
      log: createLogger('test', 'silent'),
    });
    return { ...one, memory, applied };
  }

  it('applies every event that was sent while no guard listened, with the key that the kickstart file creates', async () => {
    // Nothing listens on port 1, and nothing waits for an answer.
    await addWebhook(sandbox, 'http://127.0.0.1:1/events');
    const { refresh_token_id: sessionId } = await logIn(sandbox);
    const registration = { applicationId, roles: ['todo-reader'] };
    await call(sandbox, 'DELETE', `/api/jwt/refresh/${String(sessionId)}`);
    await lock(sandbox, adaId);
    await call(sandbox, 'PATCH', `/api/user/registration/${adaId}`, { registration });
    await call(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`);
    await call(sandbox, 'DELETE', `/api/user/${adaId}`);
    await call(sandbox, 'DELETE', `/api/user/${adaId}?hardDelete=true`);
    await sandbox.webhooks.settled();
    const { start, close, age, applied, memory } = started();
    start();
    while ((await memory.takeTurn('webhook-log', keepMs)).doneUntil === undefined) await delay(5);
    close();
    const common = { id: expect.any(String), createInstant: expect.any(Number), tenantId };
    const registered = { ...common, userId: adaId, applicationId };
    expect(applied).toMatchObject([
      {
        ...common,
        type: 'jwt.refresh-token.revoke',
        refreshTokenId: sessionId,
        userId: adaId,
        applicationId,
      },
      { ...common, type: 'user.deactivate', userId: adaId },
      { ...common, type: 'user.delete', userId: adaId },
      { ...common, type: 'user.action', userId: adaId, phase: 'start' },
      { ...registered, type: 'user.registration.delete' },
      { ...registered, type: 'user.registration.update' },
    ]);
    expect(age()).toBeLessThan(10_000);
  });

  it('revokes a session that does not exist in FusionAuth, and keeps one that does', async () => {
    await sandbox.reset();
    const { refresh_token_id: alive } = await logIn(sandbox);
    const { start, close, note, memory } = started();
    const gone = 'c9d4e6a8-1b2f-4c3d-9e5a-7f8b6c5d4e3f';
    note(String(alive), Date.now() + keepMs);
    note(gone, Date.now() + keepMs);
    start();
    while ((await memory.read()).revocations.length === 0) await delay(5);
    close();
    expect((await memory.read()).revocations).toMatchObject([{ key: `session:${gone}` }]);
  });

  it('ends with its close', async () => {
    jest.useFakeTimers();
    let asked = 0;
    const search = async function* () {
      asked += 1;
      yield* await Promise.resolve([]);
    };
    const session = () => Promise.resolve({ userId: adaId, applicationId, asked: (asked += 1) });
    const stub = { webhookLog: { search }, records: { ...fusionAuth.records, session } };
    const { start, close, note } = started(Date.now, stub);
    note('one', Date.now() + keepMs);
    start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(asked).toBeGreaterThan(20);
    close();
    asked = 0;
    await jest.advanceTimersByTimeAsync(120_000);
    jest.useRealTimers();
    expect(asked).toBe(0);
  });

  it('is late where the log was not replayed for five minutes', async () => {
    let now = Date.now();
    const { start, close, isLate } = started(() => now);
    now += 300_000;
    expect(isLate()).toBe(false);
    now += 1;
    expect(isLate()).toBe(true);
    start();
    while (isLate()) await delay(5);
    close();
  });
});

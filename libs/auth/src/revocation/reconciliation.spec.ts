import { setTimeout as delay } from 'node:timers/promises';
import type { WebhookEvent } from '#gatehouse/fusionauth';
import { createLogger } from '#gatehouse/platform';
import { EventLogServer, tenantId } from '../../../../test/support/event-log-server.js';
import { reconciliation } from './reconciliation.js';
import { inProcessRevocations } from './revocation-memory.js';

const id = '00000000-0000-4000-8000-000000000001';

describe('reconciliation', () => {
  it('replays the log and asks for sessions from its start on, and is late five minutes after the last replay', async () => {
    const server = new EventLogServer();
    const fusionAuth = await server.start();
    let now = Date.now();
    const clock = () => now;
    const memory = inProcessRevocations(clock);
    const applied: WebhookEvent[] = [];
    const event = { id, type: 'user.delete', createInstant: now, tenantId, user: { id } };
    server.events = [{ event }];
    const reconciled = reconciliation({
      fusionAuth,
      memory,
      apply: (one) => Promise.resolve(applied.push(one)),
      record: (revocations) => memory.record(revocations),
      keepMs: 3_600_000,
      clock,
      log: createLogger('test', 'silent'),
    });
    reconciled.note('gone', now + 1_000);
    expect([reconciled.age(), reconciled.isLate()]).toEqual([0, false]);
    now += 300_001;
    expect(reconciled.isLate()).toBe(true);
    now -= 300_001;
    reconciled.start();
    while (reconciled.age() !== 0 || applied.length === 0 || (await memory.read()).revocations.length === 0)
      await delay(5);
    reconciled.close();
    expect(applied).toMatchObject([{ type: 'user.delete', userId: id }]);
    expect((await memory.read()).revocations).toMatchObject([{ key: 'session:gone', revokedBefore: now }]);
    now += 300_000;
    expect(reconciled.isLate()).toBe(false);
    now += 1;
    expect(reconciled.isLate()).toBe(true);
    await fusionAuth.close();
    await server.close();
  });
});

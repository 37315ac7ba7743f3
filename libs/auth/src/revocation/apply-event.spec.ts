import { randomUUID } from 'node:crypto';
import { readWebhookEvent, type WebhookEvent } from '#gatehouse/fusionauth';
import { fusionAuthEvent } from '../../../../test/support/webhooks.js';
import type { Json } from '../../../../tools/issuer/src/signing-key.js';
import { applicationId, tenantId } from '../../../../tools/issuer/src/token-minter.js';
import { eventApplier } from './apply-event.js';
import type { Revocation } from './revocation.js';

const now = Date.parse('2026-11-28T12:00:00.250Z');
const keepMs = 3_630_500;
const userId = randomUUID();

function world() {
  const recorded: Revocation[] = [];
  const asked: string[] = [];
  const state = { moved: 1, preventsLogin: true, announced: 0 };
  const apply = eventApplier({
    ours: { tenantId, applicationId },
    record: (revocations) => (recorded.push(...revocations), Promise.resolve(state.moved)),
    keys: { announced: () => void (state.announced += 1) },
    preventsLogin: (id) => (asked.push(id), Promise.resolve(state.preventsLogin)),
    keepMs,
    clock: () => now,
  });
  const happens = (type: string, members: Json, at = now) =>
    apply(readWebhookEvent({ event: fusionAuthEvent(type, at, members) }) as WebhookEvent);
  return { state, recorded, asked, happens };
}

const user = { user: { id: userId } };

describe('an event of FusionAuth', () => {
  it('is recorded by its own instant, for as long as a token that it concerns may live', async () => {
    const { happens, recorded, asked, state } = world();
    state.preventsLogin = false;
    expect(await happens('user.delete', user, now - 1_000)).toBe('applied');
    expect(asked).toEqual([]);
    const revokedBefore = now - 1_000;
    expect(recorded).toEqual([{ key: `user:${userId}`, revokedBefore, keepUntil: revokedBefore + keepMs }]);
  });

  it('is repeated where nothing moved', async () => {
    const { happens, state } = world();
    state.moved = 0;
    expect(await happens('user.delete', user)).toBe('repeated');
  });

  it.each([
    [now + 60_000, 'applied'],
    [now + 60_001, 'from_the_future'],
    [now - keepMs + 1, 'applied'],
    [now - keepMs, 'expired'],
  ])('made at %i is %s', async (at, outcome) => {
    const { happens, recorded } = world();
    expect(await happens('user.delete', user, at)).toBe(outcome);
    expect(recorded).toHaveLength(outcome === 'applied' ? 1 : 0);
  });

  it.each([
    ['user.delete', { ...user, tenantId: randomUUID() }, 'foreign'],
    ['user.login.success', user, 'irrelevant'],
    ['user.action', { actionId: randomUUID(), actioneeUserId: userId, phase: 'end' }, 'irrelevant'],
  ])('%s %j leaves no trace, whenever it was made: %s', async (type, members, outcome) => {
    const { happens, recorded } = world();
    for (const at of [now, now + 600_000, 0]) expect(await happens(type, members, at)).toBe(outcome);
    expect(recorded).toEqual([]);
  });

  it('of new keys has the key set fetched, unless it is a replay of long ago', async () => {
    const { happens, state, recorded } = world();
    expect(await happens('jwt.public-key.update', {})).toBe('refreshed_keys');
    expect(await happens('jwt.public-key.update', {}, now - keepMs)).toBe('expired');
    expect([state.announced, recorded]).toEqual([1, []]);
  });

  it('of an action revokes where the action prevents log-in, which is looked up for none that is too old', async () => {
    const { happens, state, recorded, asked } = world();
    const actionId = randomUUID();
    const action = { actionId, actioneeUserId: userId, phase: 'start' };
    expect(await happens('user.action', action)).toBe('applied');
    state.preventsLogin = false;
    expect(await happens('user.action', action)).toBe('irrelevant');
    expect(await happens('user.action', action, now - keepMs)).toBe('expired');
    expect([recorded.length, asked]).toEqual([1, [actionId, actionId]]);
  });
});

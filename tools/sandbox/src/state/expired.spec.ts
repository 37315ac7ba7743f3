import type { Instance } from '../instance.js';
import { watchExpiries } from './expired.js';
import type { State } from './state.js';

const now = 1_000_000;
const many = Array.from({ length: 1200 }, (_item, index) => index);
const mapOf = <Item>(itemAt: (index: number) => Item) =>
  new Map(many.map((index) => [String(index), itemAt(index)]));

/** Returns the sizes of the collections after an instance has looked at what has expired, and the number of writes. */
function sizes(expired: boolean) {
  const at = expired ? now : now + 1;
  const session = { applicationId: 'a', tenantId: 't', startInstant: at - 60_000, lastUsedInstant: 0 };
  let writes = 0;
  const state = {
    applications: new Map([['a', {}]]),
    tenants: new Map([['t', { jwtConfiguration: { refreshTokenTimeToLiveInMinutes: 1 } }]]),
    apiKeys: mapOf(() => ({ removedAt: at })),
    refreshTokens: mapOf(() => session),
    userActions: new Map(),
    userActionLogs: mapOf(() => ({ expiry: at })),
  } as unknown as State;
  const instance = {
    ...{ state, codes: mapOf(() => ({ expiresAt: at })), deviceCodes: mapOf(() => ({ expiresAt: at })) },
    ...{ now: () => now, changed: () => (writes += 1) },
  } as unknown as Instance;
  const clock = { onMove: () => undefined };
  const stop = watchExpiries(instance, clock);
  clock.onMove();
  stop();
  const collections = [state.refreshTokens, state.userActionLogs, instance.codes, instance.deviceCodes];
  return { apiKeys: state.apiKeys.size, others: collections.map(({ size }) => size), writes };
}

describe('a sandbox', () => {
  it('deletes deleted API keys, and all but a thousand expired sessions, actions and codes', () => {
    expect(sizes(true)).toEqual({ apiKeys: 0, others: [1000, 1000, 1000, 1000], writes: 1 });
  });

  it('deletes nothing that has not expired', () => {
    expect(sizes(false)).toEqual({ apiKeys: 1200, others: [1200, 1200, 1200, 1200], writes: 0 });
  });
});

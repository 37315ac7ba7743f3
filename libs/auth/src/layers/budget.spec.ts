import { principalOf } from '../../../../test/support/principal.js';
import type { Outcome } from '../core/authenticator.js';
import { rejected } from '../core/failure.js';
import { budget } from './budget.js';

const as = (subject: string, kind: 'user' | 'machine' = 'user'): Outcome => ({
  via: 'test',
  verdict: { ok: true, principal: principalOf({ subject, kind }) },
});
const request = { requestId: 'r', address: '192.0.2.1', method: 'GET', url: '/', header: () => [] };

function world() {
  const state = { now: 0, outcome: as('ada') };
  const spend = budget({ clock: () => state.now, perMinute: 2 });
  const authenticate = spend(() => Promise.resolve(state.outcome));
  const another = spend(() => Promise.resolve(state.outcome));
  return { state, ask: () => authenticate(request), askElsewhere: () => another(request) };
}

describe('the budget of a client', () => {
  it('reports the remaining quota at every request, and refuses further requests until the minute is over', async () => {
    const { state, ask } = world();
    const policy = { 'RateLimit-Policy': '"client";q=2;w=60' };
    expect(await ask()).toEqual({ ...as('ada'), headers: { ...policy, RateLimit: '"client";r=1;t=60' } });
    state.now = 20_000;
    expect(await ask()).toMatchObject({ headers: { RateLimit: '"client";r=0;t=40' } });
    expect(await ask()).toMatchObject({
      headers: { ...policy, RateLimit: '"client";r=0;t=40' },
      verdict: { ok: false, failure: { kind: 'throttled', what: 'requests', retryAfterSeconds: 40 } },
    });
    state.now = 60_000;
    expect((await ask()).verdict.ok).toBe(true);
  });

  it('is one for all routes, and each client has its own; a machine is not the user of the same name', async () => {
    const { state, ask, askElsewhere } = world();
    await ask();
    await askElsewhere();
    expect((await ask()).verdict.ok).toBe(false);
    for (const other of [as('bruno'), as('ada', 'machine')]) {
      state.outcome = other;
      expect((await ask()).verdict.ok).toBe(true);
    }
  });

  it('begins again with the first request after a minute', async () => {
    const { state, ask } = world();
    for (state.now = 1_000_000; state.now < 1_000_003; state.now += 1) await ask();
    expect((await ask()).verdict.ok).toBe(false);
    state.now = 1_060_000;
    expect(await ask()).toMatchObject({ headers: { RateLimit: '"client";r=1;t=60' } });
    state.now = 1_070_000;
    expect(await ask()).toMatchObject({
      verdict: { ok: true },
      headers: { RateLimit: '"client";r=0;t=50' },
    });
  });

  it('is not spent by a refused credential', async () => {
    const { state, ask } = world();
    state.outcome = { verdict: rejected('x') };
    for (let turn = 0; turn < 5; turn += 1) expect(await ask()).toEqual({ verdict: rejected('x') });
    state.outcome = as('ada');
    expect((await ask()).verdict.ok).toBe(true);
  });
});

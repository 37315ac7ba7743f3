import { setTimeout as delay } from 'node:timers/promises';
import { FusionAuthRefusedUs, FusionAuthUnavailable } from '#gatehouse/fusionauth';
import type { Verdict } from '../core/strategy.js';
import { deadline } from './deadline.js';

const caller = { id: 'c', address: '192.0.2.1', known: false };
const around = (ask: (signal: AbortSignal) => Promise<Verdict>) =>
  deadline<string>((_credential, signal) => ask(signal), { name: 'test', deadlineMs: 50 })(
    'credential',
    caller,
  );
const silence = (status?: number) => new FusionAuthUnavailable('user', { status, durationMs: 1 });

describe('the deadline', () => {
  it('aborts the other calls when one fails', async () => {
    let beside: AbortSignal | undefined;
    await around((signal) => {
      beside = signal;
      return Promise.reject(silence());
    });
    expect(beside?.aborted).toBe(true);
  });

  it('answers unavailable and aborts a call that gives no answer in time', async () => {
    let signal: AbortSignal | undefined;
    const verdict = await around((given) => {
      signal = given;
      return new Promise<never>(() => undefined);
    });
    expect(verdict).toMatchObject({ failure: { kind: 'unavailable', operation: 'test deadline' } });
    expect(signal?.aborted).toBe(true);
  });

  it('does not abort the signal of a finished verification', async () => {
    let signal: AbortSignal | undefined;
    await around((given) => {
      signal = given;
      return Promise.resolve({ ok: false, failure: { kind: 'missing' } });
    });
    await delay(60);
    expect(signal?.aborted).toBe(false);
  });

  it.each([
    ['no answer', silence(), 'dependency'],
    ['a 500', silence(500), 'dependency'],
    ['a gateway’s 404', silence(404), 'dependency'],
    ['a 400, which a caller may have caused', silence(400), 'ourselves'],
    ['a refusal of our own key', new FusionAuthRefusedUs('user', 'FUSIONAUTH_API_KEY'), 'own-credentials'],
  ])('blames for %s', async (_what, error, blame) => {
    expect(await around(() => Promise.reject(error))).toMatchObject({
      failure: { kind: 'unavailable', operation: 'user', blame },
    });
  });
});

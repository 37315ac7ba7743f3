import type { Check } from '../core/authenticator.js';
import { rejected } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { singleFlight } from './single-flight.js';

function flights(verify: Check<string>) {
  const check = singleFlight(verify);
  return async (text: string) => check(text, { id: text, address: '192.0.2.1', known: false });
}

describe('single flight', () => {
  it('verifies once for all who ask while the first verification runs', async () => {
    let calls = 0;
    let land: (verdict: Verdict) => void = () => undefined;
    const ask = flights(() => {
      calls += 1;
      return new Promise<Verdict>((resolve) => (land = resolve));
    });
    const asked = Array.from({ length: 50 }, () => ask('a'));
    land(rejected('x'));
    expect(new Set(await Promise.all(asked)).size).toBe(1);
    expect(calls).toBe(1);
    void ask('a');
    expect(calls).toBe(2);
  });

  it('keeps different credentials apart', async () => {
    const asked: string[] = [];
    const ask = flights((text) => {
      asked.push(text);
      return Promise.resolve(rejected(text));
    });
    await Promise.all([ask('a'), ask('b')]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('passes a thrown error to everyone waiting and starts afresh afterwards', async () => {
    let calls = 0;
    const ask = flights(() => {
      calls += 1;
      return Promise.reject(new Error('broken'));
    });
    const results = await Promise.allSettled([ask('a'), ask('a')]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await Promise.allSettled([ask('a')]);
    expect(calls).toBe(2);
  });

  it('is not needed for a cached verdict', () => {
    const known = rejected('x');
    const check = singleFlight(() => known);
    expect(check('a', { id: 'a', address: '192.0.2.1', known: false })).toBe(known);
  });
});

import { rejected } from '../core/failure.js';
import type { Verdict } from '../core/strategy.js';
import { singleFlight } from './single-flight.js';

const stranger = { address: '192.0.2.1', known: false };
const settings = { key: (text: string) => text };

describe('single flight', () => {
  it('verifies once for all who ask while the first verification runs', async () => {
    let calls = 0;
    let land: (verdict: Verdict) => void = () => undefined;
    const check = singleFlight<string>(() => {
      calls += 1;
      return new Promise<Verdict>((resolve) => (land = resolve));
    }, settings);
    const flights = Array.from({ length: 50 }, () => check('a', stranger));
    land(rejected('x'));
    expect(new Set(await Promise.all(flights)).size).toBe(1);
    expect(calls).toBe(1);
    void check('a', stranger);
    expect(calls).toBe(2);
  });

  it('keeps different credentials apart', async () => {
    const asked: string[] = [];
    const check = singleFlight<string>((text) => {
      asked.push(text);
      return Promise.resolve(rejected(text));
    }, settings);
    await Promise.all([check('a', stranger), check('b', stranger)]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('passes a thrown error to everyone waiting and starts afresh afterwards', async () => {
    let calls = 0;
    const check = singleFlight<string>(() => {
      calls += 1;
      return Promise.reject(new Error('broken'));
    }, settings);
    const results = await Promise.allSettled([check('a', stranger), check('a', stranger)]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await check('a', stranger).catch(() => undefined);
    expect(calls).toBe(2);
  });
});

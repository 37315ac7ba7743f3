import { jest } from '@jest/globals';
import { Receipts } from './receipts.js';

describe('the receipt for a secret', () => {
  afterEach(() => jest.useRealTimers());
  const expected = () => {
    const receipts = new Receipts();
    const gone = new AbortController();
    return { receipts, gone, ...receipts.expect(gone.signal) };
  };

  it('is accepted once', async () => {
    const { receipts, id, arrival } = expected();
    expect(receipts.arrived(id, undefined)).toBe(true);
    await expect(arrival).resolves.toBeUndefined();
    expect(receipts.arrived(id, undefined)).toBe(false);
  });

  it('rejects if the secret could not be stored', async () => {
    const { receipts, id, arrival } = expected();
    receipts.arrived(id, 'disk full');
    await expect(arrival).rejects.toThrow('disk full');
  });

  it('is accepted only for the id that was issued with the secret', async () => {
    const { receipts, id, arrival } = expected();
    expect(receipts.arrived('6f1f0f5e-0000-4000-8000-000000000000', undefined)).toBe(false);
    receipts.arrived(id, 'still waited for');
    await expect(arrival).rejects.toThrow('still waited for');
  });

  it('rejects if the caller leaves before or after it was requested', async () => {
    const { gone, arrival } = expected();
    gone.abort();
    await expect(arrival).rejects.toThrow('went away');
    await expect(new Receipts().expect(AbortSignal.abort()).arrival).rejects.toThrow('went away');
  });

  it('rejects if none arrives within a minute', async () => {
    jest.useFakeTimers();
    const { arrival } = expected();
    let settled = false;
    const refused = arrival.catch((error: unknown) => ((settled = true), error as Error));
    await jest.advanceTimersByTimeAsync(59_999);
    expect(settled).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(String(await refused)).toContain('did not acknowledge the secret');
  });
});

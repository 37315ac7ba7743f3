import { jest } from '@jest/globals';
import { untilSuccess } from './until-success.js';

function repeated(failures: number) {
  const retrying: boolean[] = [];
  const reported: unknown[] = [];
  const attempt = (again: boolean) => {
    retrying.push(again);
    return retrying.length <= failures ? Promise.reject(new Error('away')) : Promise.resolve();
  };
  const onFirstFailure = (error: unknown) => void reported.push(error);
  return { retrying, reported, ...untilSuccess(attempt, { retryMs: 1_000, onFirstFailure }) };
}

describe('what is attempted until it succeeds', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is attempted again at each interval, and no more once it succeeded', async () => {
    const { start, retrying, reported } = repeated(3);
    await start();
    expect(retrying).toEqual([false]);
    await jest.advanceTimersByTimeAsync(999);
    expect(retrying).toEqual([false]);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(retrying).toEqual([false, true, true, true]);
    expect(reported).toEqual([new Error('away')]);
  });

  it('is not attempted again once it is closed while it waits', async () => {
    const { start, close, retrying } = repeated(9);
    await start();
    close();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(retrying).toEqual([false]);
  });

  it('is not attempted again, and reports nothing, once it is closed', async () => {
    const { start, close, retrying, reported } = repeated(9);
    const first = start();
    close();
    await first;
    await jest.advanceTimersByTimeAsync(60_000);
    expect([retrying, reported]).toEqual([[false], []]);
  });
});

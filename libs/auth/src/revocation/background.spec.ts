import { jest } from '@jest/globals';
import { FusionAuthRefusedUs } from '#gatehouse/fusionauth';
import { createLogger } from '#gatehouse/platform';
import { background } from './background.js';

/** Work that fails while an error is set. */
function repeated(error?: Error) {
  const state = { runs: 0, error, due: true };
  const lines: string[] = [];
  const write = (line: string) => {
    const { event, msg } = JSON.parse(line) as { event: string; msg: string };
    lines.push(`${event}: ${msg}`);
  };
  const log = createLogger('test', 'info', { write });
  const work = () => {
    state.runs += 1;
    return state.error ? Promise.reject(state.error) : Promise.resolve(state.due);
  };
  const said = () => lines.splice(0);
  const running = background(work, { name: 'the round', everyMs: 1_000, retryMs: 5_000, log });
  return { state, said, ...running };
}

const refusal = new FusionAuthRefusedUs('webhook log', 'FUSIONAUTH_API_KEY');

describe('work in the background', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());
  const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

  it('begins at once and is repeated, until it is closed', async () => {
    const { start, close, closed, state, said } = repeated();
    start();
    await pass(2_999);
    expect([state.runs, closed()]).toEqual([3, false]);
    close();
    await pass(60_000);
    expect([state.runs, closed(), said()]).toEqual([3, true, []]);
  });

  it('logs what goes wrong when it begins, when something else goes wrong, and when it is over', async () => {
    const { start, state, said } = repeated(new TypeError('away'));
    start();
    await pass(10_000);
    expect([state.runs, said()]).toEqual([3, ['trouble: the round failed; retrying']]);
    state.error = new RangeError('elsewhere');
    await pass(10_000);
    expect([state.runs, said()]).toEqual([5, ['trouble: the round failed; retrying']]);
    state.error = undefined;
    await pass(10_000);
    expect(said()).toEqual(['recovered: the round works again']);
  });

  it('is off while our key is not permitted, says so once, and tries again every five minutes', async () => {
    const { start, state, said, permitted } = repeated(refusal);
    expect(permitted()).toBe(true);
    start();
    await pass(299_999);
    expect([state.runs, permitted(), said()]).toEqual([
      1,
      false,
      ['trouble: the round is off: FUSIONAUTH_API_KEY is not set, or does not permit it'],
    ]);
    await pass(300_000);
    expect([state.runs, said()]).toEqual([2, []]);
    state.error = new TypeError('away');
    await pass(300_000);
    expect(permitted()).toBe(false);
    state.error = undefined;
    await pass(5_000);
    expect(permitted()).toBe(true);
  });

  it('that found nothing to do has learnt nothing about our key', async () => {
    const { start, state, said, permitted } = repeated(refusal);
    start();
    await pass(1);
    said();
    Object.assign(state, { error: undefined, due: false });
    await pass(300_000);
    expect([state.runs, permitted(), said()]).toEqual([2, false, []]);
    state.due = true;
    await pass(1_000);
    expect([permitted(), said()]).toEqual([true, ['recovered: the round works again']]);
  });

  it('says nothing of what goes wrong because it was closed', async () => {
    const { start, close, state, said } = repeated(new TypeError('connection closed'));
    start();
    close();
    await pass(60_000);
    expect([state.runs, said()]).toEqual([1, []]);
  });
});

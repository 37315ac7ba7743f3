import { refusalTime } from './refusal-time.js';

const hour = 3_600_000;

function world(atMost = 600) {
  const state = { now: 0 };
  return { state, time: refusalTime(() => state.now, atMost) };
}

describe('the time of a refused log-in', () => {
  it('is a quarter of a second, even if FusionAuth is faster', () => {
    const { time } = world();
    time.note(2);
    expect(time.durationMs()).toBe(250);
  });

  it('is that of the slowest log-in, even after many quick ones', () => {
    const { time } = world();
    time.note(400);
    for (let turn = 0; turn < 10_000; turn += 1) time.note(2);
    expect(time.durationMs()).toBe(400);
  });

  it('is bounded', () => {
    const { time } = world(600);
    time.note(790);
    expect(time.durationMs()).toBe(600);
    expect(world(75).time.durationMs()).toBe(75);
  });

  it('follows a FusionAuth that has become quicker, after an hour at the earliest and two at the latest', () => {
    const { state, time } = world();
    time.note(400);
    state.now = hour;
    time.note(300);
    expect(time.durationMs()).toBe(400);
    state.now = 2 * hour;
    expect(time.durationMs()).toBe(300);
    state.now = 4 * hour;
    expect(time.durationMs()).toBe(250);
  });

  it.each([
    [400, 'within two hours', 2 * hour - 1],
    [250, 'after two hours', 2 * hour],
  ])('is %i ms %s without a log-in', (expected, _when, later) => {
    const { state, time } = world();
    time.note(400);
    state.now = later;
    expect(time.durationMs()).toBe(expected);
  });
});

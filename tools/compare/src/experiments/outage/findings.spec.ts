import type { Hit } from '../../../../measure/src/load.js';
import { findings } from './findings.js';

/** Returns answers half a second apart. */
const hits = (...statuses: number[]): Hit[] =>
  statuses.map((status, at) => ({ dueMs: at * 500, latencyMs: 1, status }));

const seen = {
  known: hits(200, 200, 200, 200, 200, 503, 200, 200),
  strangers: hits(503, 503, 503, 200),
  beginMs: 2_000,
  endMs: 4_000,
  recoveryMs: 130,
};
const cells = (more: object = {}) =>
  Object.fromEntries(findings('api-key', 'refused', { ...seen, ...more }).map((cell) => [cell.row, cell]));

describe('what an outage did', () => {
  it('has a time line of credentials used before, and one of new ones, on one clock', () => {
    expect(cells()['refused/served']).toMatchObject({
      value: 0.75,
      points: [
        [0, 1],
        [1, 1],
        [2, 0.5],
        [3, 1],
      ],
    });
    expect(cells()['refused/served-new']).toMatchObject({
      value: 0.25,
      points: [
        [2, 0],
        [3, 0.5],
      ],
    });
  });

  it.each([
    [hits(200, 200), 'good'],
    [hits(200, 503), 'fair'],
    [hits(503, 503), 'poor'],
  ])('rates who was served', (strangers, rating) => {
    expect(cells({ strangers })['refused/served-new']).toMatchObject({ rating });
  });

  it('counts refusals of valid credentials, and reports a recovery that takes too long', () => {
    expect(cells()['refused/unauthorized']).toMatchObject({ value: 0, rating: 'good' });
    expect(cells({ strangers: hits(401, 503) })['refused/unauthorized']).toMatchObject({
      value: 1,
      rating: 'poor',
    });
    expect(cells()['refused/recovery']).toMatchObject({ value: 0.13, text: '0.13 s' });
    expect(cells({ recoveryMs: Infinity })['refused/recovery']).toMatchObject({ why: 'not within 20 s' });
  });
});

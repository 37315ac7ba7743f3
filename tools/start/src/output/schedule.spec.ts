import { inWords, secondsBetweenRuns } from './schedule.js';

describe('what is said about the schedule', () => {
  it.each([
    ['*/10 * * * * *', 10],
    ['*/5 * * * *', 300],
    ['0 8,20 * * *', 43_200],
  ])('%s runs at most %i seconds apart', (pattern, seconds) => {
    expect(secondsBetweenRuns(pattern, new Date('2026-11-22T10:00:00Z'))).toBe(seconds);
  });

  it('says nothing about a schedule that has passed', () => {
    expect(secondsBetweenRuns('0 0 0 1 1 * 2020')).toBeUndefined();
  });

  it.each([
    [10, '10 seconds'],
    [1, '1 second'],
    [300, '5 minutes'],
    [43_200, '12 hours'],
  ])('%i seconds are %s', (seconds, words) => {
    expect(inWords(seconds)).toBe(words);
  });
});

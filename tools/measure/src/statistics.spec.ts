import { meanWithInterval, median, paired, percentile, rounded, shareInterval } from './statistics.js';

describe('statistics', () => {
  it('takes the middle value, and the mean of the two middle ones of an even number', () => {
    expect(median([9, 1, 5])).toBe(5);
    expect(median([10, 9, 1, 2])).toBe(5.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  it('leaves the values in the order in which they were measured', () => {
    const values = [3, 1, 2];
    median(values);
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });

  it('finds percentiles by nearest rank, sorting numerically', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => 100 - index);
    expect(percentile(hundred, 0.99)).toBe(99);
    expect(percentile(hundred, 0.5)).toBe(50);
    expect(percentile(hundred, 1)).toBe(100);
    expect(percentile(hundred, 0)).toBe(1);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('divides round by round, so that a slow round does not change the median', () => {
    // The second round ran at a third of the speed on both sides.
    const { median: middle, min, max, values } = paired([20, 60, 20], [25, 75, 20]);
    expect(values).toEqual([0.8, 0.8, 1]);
    expect({ middle, min, max }).toEqual({ middle: 0.8, min: 0.8, max: 1 });
  });

  it('refuses sides of different length', () => {
    expect(() => paired([1, 2], [1])).toThrow('as many values');
  });

  it('rounds to three digits', () => {
    expect([rounded(0.91234), rounded(123.456), rounded(12_345)]).toEqual([0.912, 123, 12_300]);
  });
});

describe('intervals', () => {
  it('of a share follow Wilson’s score, within 0 and 1', () => {
    // Wilson's interval of 8 in 10 (Newcombe 1998, method 3).
    const [low, high] = shareInterval(8, 10);
    expect([low, high].map((bound) => bound.toFixed(3))).toEqual(['0.490', '0.943']);
    expect(shareInterval(0, 10)[0]).toBeCloseTo(0);
    expect(shareInterval(10, 10)[1]).toBeCloseTo(1);
    expect(shareInterval(0, 0)).toEqual([0, 1]);
  });

  it('of a mean follow Student’s t', () => {
    const { mean, interval = [0, 0] } = meanWithInterval([1, 2, 3]);
    // 2 ± 4.303 · 1 / √3
    expect([mean, ...interval].map((one) => one.toFixed(2))).toEqual(['2.00', '-0.48', '4.48']);
    expect(meanWithInterval([5])).toEqual({ mean: 5 });
  });
});

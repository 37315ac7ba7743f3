import { timeLine } from './time-line.js';

describe('the time line of credentials', () => {
  const hourMs = 3_600_000;
  const now = Date.parse('2026-11-28T12:00:00Z');
  const old = { label: 'old', from: now - 900 * hourMs, to: now + hourMs, tone: 'old' } as const;
  const young = { label: 'new', from: now, to: now + 90 * 24 * hourMs, tone: 'new' } as const;

  it('draws an overlap of an hour visibly beside a validity of ninety days', () => {
    const { rows, width, now: mark } = timeLine([old, young], now);
    const [first, second] = rows;
    // From the left edge to its end, half of what is ahead.
    expect(first!.x).toBeLessThan(mark);
    expect(first!.x + first!.width - mark).toBeGreaterThan(width / 5);
    expect(second!.x).toBe(mark);
    expect(second!.x + second!.width).toBe(width);
  });

  it('draws a credential that never expires to the edge', () => {
    const { rows, width } = timeLine([{ ...young, to: undefined }], now);
    expect(rows[0]!.x + rows[0]!.width).toBe(width);
  });

  it('draws every text and bar within the picture, for any end', () => {
    for (const to of [now - hourMs, now + 1, now + 5 * hourMs, now + 4_000 * hourMs]) {
      const { rows, width } = timeLine([old, { ...young, from: now - 10 * hourMs, to }], now);
      for (const row of rows) {
        expect(row.x + row.width).toBeLessThanOrEqual(width + 4);
        expect(row.endX + 170).toBeLessThanOrEqual(width);
      }
    }
  });
});

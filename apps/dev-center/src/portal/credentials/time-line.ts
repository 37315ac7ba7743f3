/** The time in which one credential is valid, for drawing. */
export interface Validity {
  readonly label: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** Undefined if it never expires. */
  readonly to: number | undefined;
  /** `old`: it is being replaced. */
  readonly tone: 'old' | 'new';
}

const hourMs = 3_600_000;
/** The dimensions of the drawing, in its own units. */
const width = 720;
const labelWidth = 220;
/** The width of the text at the end of a bar. */
const endWidth = 170;
const rowHeight = 34;

/** Returns bars on one time line with a mark at `now`, for the template of the picture. */
export function timeLine(validities: readonly Validity[], now: number) {
  const end = now + reachOf(validities, now);
  const start = now - reachOf(validities, now) / 6;
  const at = (instant: number) => {
    const shown = Math.min(Math.max(instant, start), end);
    return Math.round(labelWidth + ((shown - start) / (end - start)) * (width - labelWidth));
  };
  return {
    width,
    height: validities.length * rowHeight + 28,
    now: at(now),
    rows: validities.map(({ label, from, to, tone }, index) => {
      const x = at(from);
      const length = Math.max(4, at(to ?? end) - x);
      // Within the bar if there is room beside the mark, else after it.
      const inside = Math.max(x, at(now)) + 8;
      const fits = x + length - inside > endWidth - 8;
      const endX = fits ? inside : Math.min(x + length + 6, width - endWidth);
      return { label, tone, to, x, y: index * rowHeight + 6, width: length, endX };
    }),
  };
}

/**
 * Returns how far the line extends into the future: to the last end, but not so far that an overlap becomes
 * invisible.
 */
function reachOf(validities: readonly Validity[], now: number): number {
  const ahead = validities
    .map(({ to = 0, tone }) => ({ tone, reach: to - now }))
    .filter(({ reach }) => reach > 0);
  const overlap = Math.min(...ahead.filter(({ tone }) => tone === 'old').map(({ reach }) => reach * 2));
  const last = Math.max(2 * hourMs, ...ahead.map(({ reach }) => reach * 1.08));
  return Math.max(hourMs, Math.min(overlap, last));
}

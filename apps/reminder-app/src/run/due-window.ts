const hourMs = 3_600_000;

/** A range of due dates, in milliseconds since the epoch: `from` inclusive, `until` exclusive. */
export interface DueWindow {
  readonly from: number;
  readonly until: number;
}

/**
 * Returns the window that a run reads: everything due from the instant of the last completed run until `hours` after `now`. The lower
 * bound is when a run last completed, never how far it had looked, so a todo created later inside a span that was
 * read before is still found; the ledger prevents a second mail. Spans are of elapsed time: a day on which
 * clocks change is read like any other.
 */
export function dueWindow(lastCompleted: number | undefined, now: number, hours: number): DueWindow {
  // A clock that was set back must not invert the window.
  return { from: Math.min(lastCompleted ?? now, now), until: now + hours * hourMs };
}

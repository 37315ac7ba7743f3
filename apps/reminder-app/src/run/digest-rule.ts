const hourMs = 3_600_000;

/** A todo due within this time is mailed immediately, even right after another mail. */
const urgentWithinMs = 2 * hourMs;

/**
 * Returns whether a person's waiting todos are mailed now, all of them in one digest, or wait for a later run. They
 * wait until `minGapHours` after that person's last digest, or until one of them is due within two hours. Instants
 * are milliseconds since the epoch.
 */
export function isDigestDue(
  lastPlannedAt: number | undefined,
  dueDates: readonly number[],
  now: number,
  minGapHours: number,
): boolean {
  if (dueDates.length === 0) return false;
  if (lastPlannedAt === undefined || now - lastPlannedAt >= minGapHours * hourMs) return true;
  return Math.min(...dueDates) - now <= urgentWithinMs;
}

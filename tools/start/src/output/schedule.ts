import { Cron } from 'croner';

/**
 * Returns the longest pause between the next runs of a cron pattern (UTC), in seconds; undefined when it never runs
 * twice.
 */
export function secondsBetweenRuns(pattern: string, now = new Date()): number | undefined {
  const runs = new Cron(pattern, { timezone: 'UTC', paused: true })
    .nextRuns(4, now)
    .map((run) => run.getTime());
  const pauses = runs.slice(1).map((run, index) => run - (runs[index] ?? run));
  return pauses.length === 0 ? undefined : Math.max(...pauses) / 1000;
}

/** Formats seconds in the unit that a person would use. */
export function inWords(seconds: number): string {
  const [size, unit] = seconds >= 7200 ? [3600, 'hour'] : seconds > 90 ? [60, 'minute'] : [1, 'second'];
  const count = Math.round(seconds / size);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

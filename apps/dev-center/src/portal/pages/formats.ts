/** The formats with which templates write values. */
export const formats = {
  /** Formats an instant in UTC, to the minute. */
  minute: (instant: Date | string | number): string =>
    `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  iso: (instant: Date | string | number): string => new Date(instant).toISOString(),
  /** Returns the last characters of an id; the first ones encode the time and look alike. */
  short: (id: string): string => `…${id.slice(-8)}`,
};

/** The formats with which templates write values. */
export const formats = {
  /** UTC, to the minute. */
  minute: (instant: Date | string | number): string =>
    `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  iso: (instant: Date | string | number): string => new Date(instant).toISOString(),
  /** The last characters of an id: the first ones encode the time and are alike. */
  short: (id: string): string => `…${id.slice(-8)}`,
};

/** What templates write values with. */
export const formats = {
  /** UTC, to the minute. */
  minute: (instant: Date | string | number): string =>
    `${new Date(instant).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
  iso: (instant: Date | string | number): string => new Date(instant).toISOString(),
  /** Ids are told apart by their last characters: they begin with the time. */
  short: (id: string): string => `…${id.slice(-8)}`,
};

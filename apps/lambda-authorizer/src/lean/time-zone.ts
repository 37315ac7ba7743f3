/** The API behind is told of no time zone. */
export const timeZoneOf = (): undefined => undefined;

export const isTimeZone = (): boolean => false;

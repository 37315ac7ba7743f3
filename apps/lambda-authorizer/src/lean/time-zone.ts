/** The authorizer passes no time zone on to the API. */
export const timeZoneOf = (): undefined => undefined;

export const isTimeZone = (): boolean => false;

/**
 * Returns the milliseconds to wait from `now` by a Retry-After header (RFC 9110 section 10.2.3: seconds or an HTTP
 * date); undefined without a valid header.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse also accepts texts that are not HTTP dates, such as "-5".
  const instant = value.endsWith(' GMT') ? Date.parse(value) : NaN;
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
}

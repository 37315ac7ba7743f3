/**
 * Milliseconds that a Retry-After header (RFC 9110 section 10.2.3: seconds or an HTTP date) asks to wait from `now`;
 * undefined without a readable header.
 */
export function retryAfterMs(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  // Date.parse also takes texts that are not HTTP dates, such as "-5".
  const instant = value.endsWith(' GMT') ? Date.parse(value) : NaN;
  return Number.isNaN(instant) ? undefined : Math.max(0, instant - now);
}

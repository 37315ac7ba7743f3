import type { ProblemError } from '#gatehouse/platform';

/**
 * Joins headers with several values into one line. nginx passes on only the first of two lines; a list has the same
 * meaning (RFC 9110 section 5.3).
 */
export function onOneLine({ headers }: ProblemError): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) joined[name] = [value].flat().join(', ');
  return joined;
}

import type { ProblemError } from '#gatehouse/platform';

/** Of two lines of a name nginx passes on the first; a list says the same (RFC 9110 section 5.3). */
export function onOneLine({ headers }: ProblemError): Record<string, string> {
  const joined: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) joined[name] = [value].flat().join(', ');
  return joined;
}

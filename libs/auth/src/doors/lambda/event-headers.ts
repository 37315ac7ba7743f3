/** The members of API Gateway's events that hold headers. */
export interface EventHeaders {
  /** One value for each name; HTTP APIs join several with commas, REST APIs keep the last. */
  readonly headers?: Readonly<Record<string, unknown>> | null;
  /** Every value of each name: REST APIs, and payload 1.0. */
  readonly multiValueHeaders?: Readonly<Record<string, unknown>> | null;
  /** Payload 2.0: the cookies of all Cookie headers, which `headers` then may lack. */
  readonly cookies?: unknown;
}

/**
 * Headers whose values contain no comma, so that a comma shows that an HTTP API has joined two (Fetch standard, Fetch
 * Metadata).
 */
const singular = new Set(['origin', 'sec-fetch-site']);

/**
 * Returns every value of a header, by its name in lower case: HTTP APIs write names in lower case, REST APIs as the
 * client did. A single value that the lists lack is added to them, so that a check for duplicates misses nothing.
 */
export function occurrencesIn({ headers, multiValueHeaders }: EventHeaders, name: string): readonly string[] {
  const listed = valuesOf(multiValueHeaders, name);
  const joined = valuesOf(headers, name);
  const single = singular.has(name) ? joined.flatMap((value) => value.split(',')) : joined;
  return listed.length === 0 ? single : [...listed, ...single.filter((value) => !listed.includes(value))];
}

/** Returns the values of the Cookie headers. A cookie that the list `cookies` lacks is added to it. */
export function cookieHeaders(event: EventHeaders): readonly string[] {
  const inHeaders = occurrencesIn(event, 'cookie');
  if (!Array.isArray(event.cookies)) return inHeaders;

  const cookies = event.cookies.filter((cookie) => typeof cookie === 'string');
  const listed = cookies.flatMap(pairsOf);
  return [...cookies, ...inHeaders.flatMap(pairsOf).filter((pair) => !listed.includes(pair))];
}

const pairsOf = (header: string): string[] => header.split(';').map((pair) => pair.trim());

function valuesOf(headers: EventHeaders['headers'], name: string): readonly string[] {
  const values: string[] = [];
  for (const [spelled, value] of Object.entries(headers ?? {})) {
    if (spelled.length === name.length && spelled.toLowerCase() === name)
      values.push(...[value].flat().filter((one) => typeof one === 'string'));
  }
  return values;
}

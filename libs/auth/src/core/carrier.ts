import { cookiesNamed, type RequestFacts } from './facts.js';
import { malformed, type Refusal } from './failure.js';

/**
 * A place in a request where a credential travels: a scheme of the Authorization header, another header, or a cookie.
 * A strategy reads its credential from nowhere else, so its carriers determine what is stripped from an accepted
 * request, what must not occur twice, and what the API's description says.
 */
export type Carrier = SchemeCarrier | HeaderCarrier | CookieCarrier;

export interface SchemeCarrier {
  readonly in: 'authorization';
  /** RFC 9110 section 11.1; compared case-insensitively. */
  readonly scheme: string;
  /** Describes what follows the scheme, for the error message: `one token`. */
  readonly form: string;
  /** `bearerFormat` of the OpenAPI security scheme. */
  readonly format?: string;
}

export interface HeaderCarrier {
  readonly in: 'header';
  readonly name: string;
}

export interface CookieCarrier {
  readonly in: 'cookie';
  readonly name: string;
}

/**
 * The content of a carrier in a request: nothing, the text of a credential, or a refusal of text that cannot be one.
 */
export type Held = undefined | string | Refusal;

/** Returns the function that reads one carrier. Two values in one place are malformed; none of them is chosen. */
export function readerOf(carrier: Carrier): (request: RequestFacts) => Held {
  switch (carrier.in) {
    case 'authorization':
      return schemeReader(carrier);
    case 'header':
      return ({ header }) => sole(header(carrier.name.toLowerCase()), `The ${carrier.name} header`);
    case 'cookie':
      return (request) => sole(cookiesNamed(request, carrier.name), `The cookie ${carrier.name}`);
  }
}

const sole = ([value, ...others]: readonly string[], what: string): Held =>
  others.length > 0 ? malformed(`${what} occurs more than once.`) : value;

const space = 0x20;

/**
 * Matches the scheme and what may follow it. A tab or a comma after it makes a malformed credential of this scheme; a
 * token character (RFC 9110 section 5.6.2) means a different scheme with a longer name.
 */
function schemeReader({ scheme, form }: SchemeCarrier): (request: RequestFacts) => Held {
  const begins = new RegExp(`^${scheme}(?![\\w!#$%&'*+.^\`|~-])`, 'i');
  return ({ header }) => {
    const values = header('authorization');
    if (!values.some((value) => begins.test(value))) return undefined;
    if (values.length > 1) return malformed('The Authorization header occurs more than once.');
    const [value = ''] = values;
    let start = scheme.length;
    while (value.charCodeAt(start) === space) start += 1;
    return start > scheme.length && start < value.length
      ? value.slice(start)
      : malformed(`The Authorization header must read: ${scheme}, one space, ${form}.`);
  };
}

/** Returns the OpenAPI 3.1 security scheme object of a carrier. */
export function openApiScheme(carrier: Carrier, description: string): Readonly<Record<string, string>> {
  switch (carrier.in) {
    case 'authorization': {
      const scheme = { type: 'http', scheme: carrier.scheme.toLowerCase(), description };
      return carrier.format === undefined ? scheme : { ...scheme, bearerFormat: carrier.format };
    }
    case 'header':
    case 'cookie':
      return { type: 'apiKey', in: carrier.in, name: carrier.name, description };
  }
}

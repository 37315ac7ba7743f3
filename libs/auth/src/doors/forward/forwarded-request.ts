import type { RequestFacts } from '../../core/facts.js';
import { malformed, type Refusal } from '../../core/failure.js';
import { readHost } from './host.js';
import { readPath } from './path.js';

/**
 * The headers in which a proxy describes its client's request. Only one family is read, because the client may have
 * sent the other.
 */
export type HeaderFamily = keyof typeof families;

const families = {
  'x-forwarded': { method: 'X-Forwarded-Method', uri: 'X-Forwarded-Uri', host: 'X-Forwarded-Host' },
  'x-original': { method: 'X-Original-Method', uri: 'X-Original-URI', host: 'X-Original-Host' },
} as const;

export const headerFamilies = Object.keys(families) as [HeaderFamily, ...HeaderFamily[]];

/** The request that the proxy will forward once it is accepted. */
export interface ForwardedRequest {
  readonly method: string;
  /** Path and query, byte for byte. */
  readonly url: string;
  /** The segments of the path, percent-decoded; the last is empty if the path ends with a slash. */
  readonly path: readonly string[];
  /** In lower case and without a port; undefined where no rule needs it. */
  readonly host?: string | undefined;
}

export interface ForwardedForm {
  readonly family: HeaderFamily;
  /** Whether rules name hosts, so that the host must be known. */
  readonly withHost: boolean;
}

/** Headers that make frameworks use another method than that of the request line. */
const methodOverrides = ['x-http-method-override', 'x-http-method', 'x-method-override'];
const methodName = /^[A-Z]+(?:-[A-Z]+)*$/;

/** Returns the request that the proxy describes, or a refusal if two servers could read it differently. */
export function forwardedRequest(
  { header }: RequestFacts,
  { family, withHost }: ForwardedForm,
): ForwardedRequest | Refusal {
  const names = families[family];
  const method = sole(header, names.method);
  const url = sole(header, names.uri);
  if (method === undefined || url === undefined)
    return malformed(`The proxy must send ${names.method} and ${names.uri}, each exactly once.`);

  if (!methodName.test(method))
    return malformed('The method is not valid: it must consist of capital letters.');
  const override = methodOverride(header);
  if (override) return override;

  const path = readPath(url);
  if (typeof path === 'string') return malformed(path);
  if (!withHost) return { method, url, path };

  const host = readHost(sole(header, names.host) ?? '');
  return host === undefined
    ? malformed(`The proxy must send ${names.host} once, with a host name that does not end with a dot.`)
    : { method, url, path, host };
}

/** Refuses a request whose headers name a method other than its own; undefined where none does. */
export const methodOverride = (header: RequestFacts['header']): Refusal | undefined =>
  methodOverrides.some((name) => header(name).length > 0)
    ? malformed('A header that replaces the method is not accepted: send the method itself.')
    : undefined;

function sole(header: RequestFacts['header'], name: string): string | undefined {
  const [value, ...others] = header(name.toLowerCase());
  return others.length > 0 ? undefined : value;
}

/** The scheme, host, port, path and query of a URL; each may contain asterisks. */
const written = /^([a-z][a-z\d+.-]*):\/\/([^/?#:@\s]+)(?::([^/?#]*))?(\/[^?#\s]*)?(?:\?([^#\s]*))?$/i;

interface Parts {
  readonly scheme: string;
  readonly host: string;
  readonly port: string | undefined;
  readonly path: string;
  readonly query: readonly (readonly [name: string, value: string | undefined])[];
}

function partsOf(pattern: string): Parts | undefined {
  const [, scheme, host, port, path = '', query = ''] = written.exec(pattern) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const pairs = query.split('&').map((pair): [string, string | undefined] => {
    const [name = '', ...value] = pair.split('=');
    return [name, value.length === 0 ? undefined : value.join('=')];
  });
  return { scheme, host, port, path, query: query === '' ? [] : pairs };
}

const asterisks = (text: string): number => text.split('*').length - 1;

/** Returns whether the asterisks are only where FusionAuth allows them (OAuth URL Validation). */
export function isPattern(pattern: string): boolean {
  const parts = partsOf(pattern);
  if (!parts) return false;
  const { host, port, path, query } = parts;
  return (
    mayHaveHost(host) &&
    (port === undefined || /^(\d+|\*)$/.test(port)) &&
    path.split('/').every((segment) => asterisks(segment) <= 1) &&
    query.every(([name, value = '']) => asterisks(name) === 0 && (asterisks(value) === 0 || value === '*'))
  );
}

/** Allows one asterisk, in the left-most of at least three labels, and none in an address. */
function mayHaveHost(host: string): boolean {
  const [first = '', ...others] = host.split('.');
  if (asterisks(host) === 0) return true;
  const isAddress = others.every((label) => /^\d+$/.test(label));
  return asterisks(first) === 1 && others.length >= 2 && asterisks(others.join('.')) === 0 && !isAddress;
}

/** Returns whether `pattern` matches `url`; each asterisk matches one or more characters. */
export function matches(pattern: string, url: string): boolean {
  const parts = isPattern(pattern) ? partsOf(pattern) : undefined;
  if (!parts) return false;
  const { scheme, host, port, path, query } = parts;
  const pairs = query.map(([name, value]) =>
    value === undefined ? literal(name) : `${literal(name)}=${filled(value, '[^&#\\\\s]+')}`,
  );
  const expression = [
    `${literal(scheme)}://`,
    filled(host, '[^.:/?#@\\\\\\s]+'),
    port === undefined ? '' : `:${filled(port, '\\d+')}`,
    filled(path, '[^/?#\\\\\\s]+'),
    pairs.length === 0 ? '' : `\\?${pairs.join('&')}`,
  ];
  return new RegExp(`^${expression.join('')}$`).test(url);
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

const filled = (text: string, replacement: string): string => text.split('*').map(literal).join(replacement);

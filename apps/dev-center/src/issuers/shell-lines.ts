/** Variables as a POSIX shell reads them, a line each. */
export const shellLines = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join('\n');

/** Quotes a value as a POSIX shell reads it back. */
const quoted = (value: string): string =>
  /^[\w@%+:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

const names = ['access_token', 'refresh_token'] as const;
const attributes = 'Path=/; HttpOnly; SameSite=Lax';

/** Returns the `set-cookie` values of FusionAuth's APIs that give tokens to a browser; undefined tokens are omitted. */
export const tokenCookies = (tokens: {
  readonly [Name in (typeof names)[number]]?: string | undefined;
}): string[] =>
  names.flatMap((name) => (tokens[name] === undefined ? [] : [`${name}=${tokens[name]}; ${attributes}`]));

/** Returns the `set-cookie` values that delete those cookies. */
export const noTokenCookies = (): string[] => names.map((name) => `${name}=; Max-Age=0; ${attributes}`);

/** Returns one cookie of a `cookie` header. */
export function cookie(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

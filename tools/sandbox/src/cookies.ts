const names = ['access_token', 'refresh_token'] as const;
const attributes = 'Path=/; HttpOnly; SameSite=Lax';

/** Returns the `set-cookie` values of FusionAuth's APIs that hand tokens to a browser; undefined ones are left out. */
export const tokenCookies = (tokens: {
  readonly [Name in (typeof names)[number]]?: string | undefined;
}): string[] =>
  names.flatMap((name) => (tokens[name] === undefined ? [] : [`${name}=${tokens[name]}; ${attributes}`]));

/** The values that take those cookies away again. */
export const noTokenCookies = (): string[] => names.map((name) => `${name}=; Max-Age=0; ${attributes}`);

/** One cookie of a `cookie` header. */
export function cookie(header: string | undefined, name: string): string | undefined {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

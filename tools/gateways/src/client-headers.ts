/**
 * Headers that the forward-auth server needs besides method, path and host: credentials, the proof of a browser's
 * origin, and the headers that would replace the method, which it refuses.
 */
export const judgedHeaders = [
  'Authorization',
  'X-API-Key',
  'Cookie',
  'Origin',
  'Sec-Fetch-Site',
  'Access-Control-Request-Method',
  'X-HTTP-Method-Override',
  'X-HTTP-Method',
  'X-Method-Override',
] as const;

/** The headers that identify the caller. */
export const identityHeaders = ['X-Auth-Subject', 'X-Auth-Via', 'X-Auth-Roles', 'X-Auth-Client'] as const;

/** Headers that some APIs read instead of their request line. No gateway passes on a client's own. */
export const routingHeaders = [
  'X-Forwarded-Method',
  'X-Forwarded-Uri',
  'X-Original-Method',
  'X-Original-URI',
  'X-Original-URL',
  'X-Original-Host',
  'X-Rewrite-URL',
] as const;

type Separator = '-' | '_' | '.';

/** Returns the names with their two hyphens replaced by any of `separators`. */
export const respelled = (names: readonly string[], separators: readonly Separator[]): readonly string[] =>
  separators.flatMap((first) =>
    separators.flatMap((second) => names.map((name) => name.replace(/-(.*)-/, `${first}$1${second}`))),
  );

/**
 * Returns the headers that name another request line, in every spelling by `separators` that some server reads as the
 * same name.
 */
export const requestLines = (...separators: readonly Separator[]): readonly string[] =>
  respelled(routingHeaders, separators);

/** Returns the headers that no client may send: an identity, the mark of the verdict, and another request line. */
export const spelledWith = (...separators: readonly Separator[]): readonly string[] => [
  ...respelled([...identityHeaders, 'X-Auth-Verdict'], separators),
  ...requestLines(...separators),
];

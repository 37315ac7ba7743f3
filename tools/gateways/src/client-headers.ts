/**
 * What the forward-auth server must be told of a request beside its method and path: credentials, what proves where a
 * browser's request comes from, and the headers that would replace the method, which it refuses.
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

/** The headers that say who calls. */
export const identityHeaders = ['X-Auth-Subject', 'X-Auth-Via', 'X-Auth-Roles', 'X-Auth-Client'] as const;

/** Identity headers and the mark of the verdict, in every spelling by `separators` that some server reads alike. */
export const spelledWith = (...separators: readonly ('-' | '_' | '.')[]): readonly string[] =>
  separators.flatMap((first) =>
    separators.flatMap((second) =>
      [...identityHeaders, 'X-Auth-Verdict'].map((name) =>
        name.replace(/^X-Auth-/, `X${first}Auth${second}`),
      ),
    ),
  );

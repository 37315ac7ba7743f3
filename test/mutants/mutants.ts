import type { Mode } from '../../tools/attack/src/target.js';

/** One check of the verifier taken away, by replacing a text that occurs once in a file of `libs/auth/src`. */
export interface Mutant {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** Where two checks stand one behind the other, the reason of the one that refuses once this one is gone. */
  readonly backedBy?: string;
  /** The mode in which its absence shows. */
  readonly mode: Mode;
}

type Change = readonly [find: string, replace: string, backedBy?: string];

const of =
  (file: string, mode: Mode = 'local') =>
  (changes: readonly Change[]): Mutant[] =>
    changes.map(([find, replace, backedBy]) => ({
      file,
      find,
      replace,
      mode,
      ...(backedBy === undefined ? {} : { backedBy }),
    }));

/** A member of a list left out. */
const without = (names: readonly string[]): Change[] =>
  names.map((name) => [`'${name}'`, `'${name}-'`] as const);

export const mutants: readonly Mutant[] = [
  of('core/carrier.ts')([
    [
      "if (values.length > 1) return malformed('The Authorization",
      "if (false) return malformed('The Authorization",
    ],
    ['begins.test(value))', '`${value} `.toLowerCase().startsWith(`${scheme.toLowerCase()} `))'],
    ['const space = 0x20;', 'const space = 0x09;'],
  ]),
  of('core/carrier.ts', 'cookies')([['others.length > 0 ?', 'false ?']]),
  of('strategies/jwt/bearer.ts')([['/^[\\w.~+/-]+=*$/', '/^[\\w.~+/-]+=*/']]),
  of('strategies/jwt/compact-token.ts')([
    ['token.length > longestToken ||', ''],
    ['bytes.length > 0 && bytes.length === Math.floor(segment.length * 0.75)', 'true'],
    ['bytes.length === Math.floor(segment.length * 0.75)', 'true'],
    ["return 'AQgw'.includes(last);", 'return true;'],
    ["return 'AEIMQUYcgkosw048'.includes(last);", 'return true;'],
    ['&& !hasPlainLetters(segment)', ''],
    ['!bytes || !isUtf8(bytes)', '!bytes'],
    ["typeof value !== 'object' || value === null ||", 'value === null ||', 'issuer'],
    ['|| Array.isArray(value)) return undefined', ') return undefined', 'issuer'],
    ['hasDuplicateMembers(text, value) ? undefined :', ''],
    ['&& namesIn(text) !== members', '&& false'],
    ["if (typeof child === 'object' && child !== null) count += countMembers(child);", ''],
  ]),
  of('strategies/jwt/reasons.ts')([
    ...without(['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc', 'cty']),
    ...without(['nonce', 'at_hash', 'c_hash', 'request_body_sha256', 'cnf']),
  ]),
  of('strategies/jwt/token-header.ts')([
    ["if (typeof header['alg'] === 'string' && header['alg'].startsWith('HS'))", 'if (false)', 'algorithm'],
    ["if (!alg) return 'algorithm';", '', 'algorithm-of-key'],
    ['if (typ !== undefined &&', 'if (false &&'],
    ["typeof typ === 'string' && /^", '/^'],
    ['(?:at\\+)?jwt$/i', '(?:at\\+)?jwt/i'],
    [
      "typeof kid === 'string' && kid !== '' ? { alg, kid } : 'key-id'",
      '{ alg: alg!, kid: kid as string }',
      'unknown-key',
    ],
  ]),
  of('strategies/jwt/token-expectation.ts')([
    ["if (claims['iss'] !== expected.issuer)", 'if (false)'],
    ["if (!isIdentifier(claims['sub']))", 'if (false)'],
    ['/^[\\x21-\\x7e]{1,255}$/.test(value)', "value !== ''"],
    ["if (claims['tid'] !== expected.tenantId)", 'if (false)'],
    ["return isIdentifier(jti) ? undefined : 'token-id';", 'return undefined;'],
    ['!isInstant(exp) ||', ''],
    ['!isInstant(iat) ||', ''],
    ['|| !isInstant(nbf)', ''],
    ['Number.isFinite(value) &&', '', 'lifetime'],
    ['&& value >= 0', ''],
    ['if (exp + expected.clockSkewSeconds <= now)', 'if (false)'],
    ["if (nbf - expected.clockSkewSeconds > now) return 'not-yet-valid';", ''],
    ["if (iat - expected.clockSkewSeconds > now) return 'issued-in-the-future';", ''],
    ["if (exp <= Math.max(iat, nbf)) return 'times';", ''],
    ["exp - iat > expected.maxLifetimeSeconds ? 'lifetime' : undefined", 'undefined'],
    ["claims['tty'] === undefined ||", 'true ||'],
    ["aud.every((member) => typeof member === 'string')", 'true'],
    ['audience.includes(expected.applicationId)', 'true'],
    ['expected.entityId !== undefined && audience.includes(expected.entityId)', 'true'],
    ["if (Object.hasOwn(claims, 'permissions'))", 'if (false)'],
    ['if (applicationId === undefined)', 'if (false)'],
    ['if (applicationId !== expected.applicationId)', 'if (false)'],
    ['if (!isStrings(roles))', 'if (false)'],
    ["&& item !== ''", ''],
    ["typeof item === 'string' &&", ''],
    ["Object.hasOwn(claims, 'applicationId') ||", ''],
    ["|| claims['sub'] === applicationId", ''],
    ['if (!isMap(permissions) && !oursAlone)', 'if (false)'],
    [
      "return isStrings(granted) ? principalOf(claims, 'machine', granted) : rejected('permissions');",
      "return principalOf(claims, 'machine', granted as string[]);",
    ],
  ]),
  of('strategies/jwt/judge.ts')([
    [
      'if (!header || !claims || !isEncoded(segments.signature)) return notAToken(text);',
      'if (!header || !claims || !isEncoded(segments.signature)) return { ok: true } as Verdict;',
    ],
    [
      "if (typeof header === 'string') return rejected(header);",
      "if (typeof header === 'string') return { ok: true } as Verdict;",
    ],
    [
      "if (!verdict.ok && verdict.failure.kind === 'rejected') return verdict;",
      'if (!verdict.ok) return { ok: true } as Verdict;',
    ],
    ['|| !isEncoded(segments.signature)', ''],
    ["return rejected('unknown-key');", 'return undefined;'],
    ["if (!found.key.algorithms.includes(alg)) return rejected('algorithm-of-key');", ''],
    [
      "return engine({ text, alg, key: found.key }) ? undefined : rejected('signature');",
      'return undefined;',
    ],
  ]),
  of('strategies/jwt/public-key.ts')([
    ['modulusLength >= 2048 &&', ''],
    ['&& publicExponent >= 65_537n', ''],
    ['&& !isOfWeakClass(modulusOf(key))', ''],
    ['suited.filter((algorithm) => algorithm === jwk.alg)', 'suited'],
    ['for (const kid of ambiguous) named.delete(kid);', ''],
  ]),
  of('core/authenticator.ts')([
    ['if (carriesCredential(request.url))', 'if (false)'],
    ["if (!url.includes('%', query)) return false;", 'return false;'],
  ]),
  of(
    'strategies/jwt/cookie.ts',
    'cookies',
  )([
    ['safeMethods.has(request.method) || provesOrigin(request, allowedOrigins)', 'true'],
    ["sites[0] === 'same-origin'", "sites[0] !== 'cross-site'"],
    ['if (origins.length > 1 || sites.length > 1) return false;', ''],
    ["allowed.includes(origins[0] ?? '')", "(origins[0] ?? '').startsWith('https://')"],
  ]),
  of('core/authenticator.ts', 'cookies')([['if (found) return', 'if (false) return']]),
  of(
    'strategies/jwt/confirmation.ts',
    'introspection',
  )([['(await introspect(token, judged.principal.kind, signal))', '(true as boolean)']]),
  of(
    'strategies/jwt/confirmation.ts',
    'session',
  )([
    ["if (sessionId === undefined) return rejected('no-session');", '', 'session-revoked'],
    ['session?.userId !== subject ||', ''],
    ['|| session.applicationId !== applicationId', ''],
    ['!user?.active ||', '!user ||'],
    ['|| (user.expiry !== undefined && user.expiry <= clock())', ''],
    ["if (locked) return rejected('locked');", ''],
    ['only.length === 0 ||', ''],
    ['|| only.includes(applicationId)', ''],
    [
      "return registration ? withRoles(verdict, registration.roles) : forbidden('not-registered');",
      'return withRoles(verdict, registration?.roles ?? []);',
    ],
    ['return registration ? withRoles(verdict, registration.roles)', 'return registration ? verdict'],
    ['if (!entity || !grant)', 'if (!grant)'],
    [
      "if (!entity || !grant) return rejected('grant-revoked');",
      "if (!entity) return rejected('grant-revoked'); if (!grant) return verdict;",
    ],
  ]),
].flat();

/** What each is called in a report. */
export const titleOf = ({ file, find, replace }: Mutant): string =>
  `${file}: ${find} → ${replace || 'nothing'}`;

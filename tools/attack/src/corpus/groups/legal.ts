import type { Json } from '../../../../issuer/src/signing-key.js';
import { legal, type LegalKind } from '../kind.js';
import { bearer, entityOf, inHeaders, machine, type Make, sent, signed, user } from '../make.js';
import type { Mint } from '../mint.js';
import { filled } from './size.js';

/** Times relative to now, in seconds. */
const at = (change: (now: number, mint: Mint) => Json): Make => user((mint) => change(mint.now(), mint));
/** Makes valid claims in another form. */
const written = (write: (claims: Json) => Json | string): Make =>
  signed((mint) => ({ payload: write(mint.claims()) }));
const by = (name: keyof Mint['keys']['good']): Make =>
  sent((mint) => mint.token({}, {}, mint.keys.good[name]));
const scheme = (prefix: string): Make => inHeaders((token) => [['Authorization', `${prefix}${token}`]]);
const besides = (name: string, value: string): Make =>
  inHeaders((token) => [
    ['Authorization', `Bearer ${token}`],
    [name, value],
  ]);

const other = '00000000-0000-4000-8000-000000000008';

/** Returns 70 % of the allowed clock skew; the rest is for the time that the request takes. */
const withinSkew = ({ target }: Mint) => Math.floor(target.clockSkewSeconds * 0.7);

export const legalKinds: readonly LegalKind[] = [
  ...(['RS384', 'RS512', 'ES256', 'ES384', 'ES512'] as const).flatMap((algorithm) =>
    legal({ algorithm })({ [`a user’s token, ${algorithm}`]: by(algorithm.toLowerCase() as 'rs384') }),
  ),
  ...legal()({
    'a user’s token, RS256': user({}),
    'a key published without an algorithm': by('unlabelled'),
    'a list of our audience alone': user(({ target }) => ({ aud: [target.applicationId] })),
    'a list of our audience and a resource': user(({ target }) => ({
      aud: [target.applicationId, 'https://api.example'],
    })),
    'a list with our audience last': user(({ target }) => ({
      aud: ['https://api.example', target.applicationId],
    })),
    'no type': user({}, { typ: undefined }),
    'the type of RFC 9068': user({}, { typ: 'at+jwt' }),
    'the type of RFC 9068 in full': user({}, { typ: 'application/at+jwt' }),
    'the type in lower case': user({}, { typ: 'jwt' }),
    'tty at': user({ tty: 'at' }),
    'no grant types in the header': user({}, { gty: undefined }),
    'two grant types in the header': user({}, { gty: ['authorization_code', 'refresh_token'] }),
    'harmless header parameters': user(
      {},
      { use: 'sig', 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2', note: true },
    ),
    'issued ahead within the allowed clock skew': at((now, mint) => ({ iat: now + withinSkew(mint) })),
    'not before, ahead within the allowed clock skew': at((now, mint) => ({ nbf: now + withinSkew(mint) })),
    'a not-before in the past': at((now) => ({ nbf: now - 60 })),
    'fractions of seconds': at((now) => ({ iat: now - 10.5, exp: now + 600.25 })),
    'times with an exponent': written((claims) =>
      JSON.stringify(claims).replace(/"exp":(\d+)/, '"exp":$1e0'),
    ),
    'the longest lifetime': at((now, { target }) => ({ exp: now + target.maxLifetimeSeconds })),
    'no roles': user({ roles: [] }),
    'many roles': user(({ target }) => ({
      roles: [...target.roles, ...Array.from({ length: 40 }, (_, index) => `role-${index}`)],
    })),
    'no e-mail address': user({ email: undefined, email_verified: undefined }),
    'an e-mail address that is not verified': user({ email_verified: false }),
    'no token id': user({ jti: undefined }),
    'unknown claims': user({
      data: { theme: 'dark', nested: [{ a: null }] },
      'https://example.com/tier': 3,
    }),
    'claims in every script': user({ name: 'Ådá Łøvelace 李雷 🦉', city: 'Αθήνα' }),
    'strings that look like members': user({
      note: '"sub":"admin","sub":"root"',
      other: '{"alg":"none"}',
      back: '\\"',
    }),
    'escapes where none are needed': written((claims) =>
      JSON.stringify(claims).replace('"iss"', String.raw`"\u0069ss"`),
    ),
    'claims with line breaks between them': written((claims) => JSON.stringify(claims, null, 2)),
    'line breaks within a nested claim': written((claims) =>
      JSON.stringify({ ...claims, more: { of: ['a'] } }, null, 2),
    ),
    'claims in another order': written((claims) => Object.fromEntries(Object.entries(claims).reverse())),
    'claims nested fifty deep': user({ deep: JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown }),
    'a token of nearly 8 kB': sent((mint) => filled(mint, 8_180)),
    'the scheme in lower case': scheme('bearer '),
    'the scheme in upper case': scheme('BEARER '),
    'two spaces after the scheme': scheme('Bearer  '),
    'a cookie beside the header': besides('Cookie', 'theme=dark'),
    'a harmless query': (mint) => ({
      ...bearer(mint.token()),
      query: 'tokens=1&title=access_token%3Dx',
    }),
    'a user locked for another application': user((mint) => ({ ...mint.records.people.lockedElsewhere })),
  }),
  // FusionAuth’s introspection allows no clock skew.
  ...legal({ acceptedBy: ['local', 'session'] })({
    'expired within the allowed clock skew': at((now, mint) => ({
      iat: now - 600,
      exp: now - withinSkew(mint),
    })),
  }),
  ...legal({ acceptedBy: ['local', 'introspection'] })({ 'no session': user({ sid: undefined }) }),
  ...legal({ machine: true })({
    'a machine’s token with a map of permissions': machine({}),
    'a machine’s token with a plain list of permissions': machine(({ target }) => ({
      permissions: target.roles,
    })),
    'a machine’s token with a list of our entity alone': machine((mint) => ({ aud: [entityOf(mint)] })),
    'a machine’s token for two entities': machine((mint) => ({
      aud: [entityOf(mint), other],
      permissions: { [entityOf(mint)]: mint.target.roles, [other]: ['admin'] },
    })),
    'a machine’s token without permissions here': machine({ permissions: { [other]: ['admin'] } }),
  }),
  ...legal({ machine: true, algorithm: 'ES256' })({
    'a machine’s token, ES256': sent((mint) => mint.machine({}, mint.keys.good.es256)),
  }),
  ...legal({ route: 'role' })({ 'a good token on the route that demands a role': user({}) }),
  ...legal({ route: 'role', machine: true })({
    'a good machine on the route that demands a role': machine({}),
  }),
  ...legal({ acceptedBy: ['cookies'] })({
    'the token in the cookie': inHeaders((token) => [['Cookie', `a=b; app.at=${token}; c=d`]]),
    'the token in the header where a cookie would do': user({}),
    'a token that is no longer good in a cookie of another name': besides(
      'Cookie',
      'app.at_exp=1; app.idt=x',
    ),
  }),
];

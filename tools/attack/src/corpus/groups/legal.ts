import { bearer, legal, type LegalKind, type Presented } from '../kind.js';
import type { Json, Mint } from '../mint.js';
import { filled } from './size.js';

const user =
  (change: Json | ((now: number, mint: Mint) => Json) = {}, header: Json = {}) =>
  (mint: Mint): Presented =>
    bearer(mint.token(typeof change === 'function' ? change(mint.now(), mint) : change, header));
const machine =
  (change: (mint: Mint) => Json = () => ({})) =>
  (mint: Mint): Presented =>
    bearer(mint.machine(change(mint)));
const scheme =
  (prefix: string) =>
  (mint: Mint): Presented => ({ headers: [['Authorization', `${prefix}${mint.token()}`]] });
const signedBy =
  (name: keyof Mint['keys']['good']) =>
  (mint: Mint): Presented =>
    bearer(mint.token({}, {}, mint.keys.good[name]));
const entity = ({ target }: Mint) => target.entityId ?? 'none';
const aside = (name: string, value: string) => (mint: Mint) => ({
  headers: [
    ['Authorization', `Bearer ${mint.token()}`],
    [name, value],
  ] as const,
});
const inCookie = (mint: Mint): Presented => ({ headers: [['Cookie', `a=b; app.at=${mint.token()}; c=d`]] });
const machines = { machine: true };
const other = '00000000-0000-4000-8000-000000000008';

/** Of the allowance for clocks that differ, the part that is used here: the rest is for the way there. */
const most = ({ target }: Mint) => Math.floor(target.clockSkewSeconds * 0.7);

export const legalKinds: readonly LegalKind[] = [
  legal('a user’s token, RS256', user()),
  ...(['rs384', 'rs512', 'es256', 'es384', 'es512'] as const).map((name) =>
    legal(`a user’s token, ${name.toUpperCase()}`, signedBy(name), { algorithm: name.toUpperCase() }),
  ),
  legal('a key published without an algorithm', signedBy('unlabelled')),
  legal(
    'a list of our audience alone',
    user((_now, { target }) => ({ aud: [target.applicationId] })),
  ),
  legal(
    'a list of our audience and a resource',
    user((_now, { target }) => ({ aud: [target.applicationId, 'https://api.example'] })),
  ),
  legal(
    'a list with our audience last',
    user((_now, { target }) => ({ aud: ['https://api.example', target.applicationId] })),
  ),
  legal('no type', user({}, { typ: undefined })),
  legal('the type of RFC 9068', user({}, { typ: 'at+jwt' })),
  legal('the type of RFC 9068 in full', user({}, { typ: 'application/at+jwt' })),
  legal('the type in small letters', user({}, { typ: 'jwt' })),
  legal('tty at', user({ tty: 'at' })),
  legal('no grant types in the header', user({}, { gty: undefined })),
  legal('two grant types in the header', user({}, { gty: ['authorization_code', 'refresh_token'] })),
  legal(
    'harmless header parameters',
    user({}, { use: 'sig', 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2', note: true }),
  ),
  legal(
    'expired within the allowance for clocks',
    user((now, mint) => ({ iat: now - 600, exp: now - most(mint) })),
    // FusionAuth’s introspection knows no allowance.
    { acceptedBy: ['local', 'session'] },
  ),
  legal(
    'issued ahead within the allowance for clocks',
    user((now, mint) => ({ iat: now + most(mint) })),
  ),
  legal(
    'not before, ahead within the allowance for clocks',
    user((now, mint) => ({ nbf: now + most(mint) })),
  ),
  legal(
    'a not-before in the past',
    user((now) => ({ nbf: now - 60 })),
  ),
  legal(
    'fractions of seconds',
    user((now) => ({ iat: now - 10.5, exp: now + 600.25 })),
  ),
  legal('times with an exponent', (mint) =>
    bearer(mint.jws({ payload: JSON.stringify(mint.claims()).replace(/"exp":(\d+)/, '"exp":$1e0') })),
  ),
  legal(
    'the longest life',
    user((now, { target }) => ({ exp: now + target.maxLifetimeSeconds })),
  ),
  legal('no roles yet', user({ roles: [] })),
  legal(
    'many roles',
    user((_now, { target }) => ({
      roles: [...target.roles, ...Array.from({ length: 40 }, (_, index) => `role-${index}`)],
    })),
  ),
  legal('no e-mail address', user({ email: undefined, email_verified: undefined })),
  legal('an e-mail address that is not verified', user({ email_verified: false })),
  legal('no token id', user({ jti: undefined })),
  legal('no session', user({ sid: undefined }), { acceptedBy: ['local', 'introspection'] }),
  legal(
    'claims that nobody knows',
    user({ data: { theme: 'dark', nested: [{ a: null }] }, 'https://example.com/tier': 3 }),
  ),
  legal('claims in every script', user({ name: 'Ådá Łøvelace 李雷 🦉', city: 'Αθήνα' })),
  legal(
    'strings that look like members',
    user({ note: '"sub":"admin","sub":"root"', other: '{"alg":"none"}', back: '\\"' }),
  ),
  legal('escapes where none are needed', (mint) =>
    bearer(mint.jws({ payload: JSON.stringify(mint.claims()).replace('"iss"', String.raw`"\u0069ss"`) })),
  ),
  legal('claims with line breaks between them', (mint) =>
    bearer(mint.jws({ payload: JSON.stringify(mint.claims(), null, 2) })),
  ),
  legal('line breaks within a nested claim', (mint) =>
    bearer(mint.jws({ payload: JSON.stringify({ ...mint.claims(), more: { of: ['a'] } }, null, 2) })),
  ),
  legal('claims in another order', (mint) =>
    bearer(mint.jws({ payload: Object.fromEntries(Object.entries(mint.claims()).reverse()) })),
  ),
  legal('claims nested fifty deep', user({ deep: JSON.parse('['.repeat(50) + ']'.repeat(50)) as unknown })),
  legal('a token of nearly 8 kB', (mint) => bearer(filled(mint, 8_180))),
  legal('the scheme in small letters', scheme('bearer ')),
  legal('the scheme in capitals', scheme('BEARER ')),
  legal('two spaces behind the scheme', scheme('Bearer  ')),
  legal('a cookie beside the header', aside('Cookie', 'theme=dark')),
  legal('a harmless query', (mint) => ({
    ...bearer(mint.token()),
    query: 'tokens=1&title=access_token%3Dx',
  })),
  legal('a machine’s token with a map of permissions', machine(), machines),
  legal(
    'a machine’s token with a plain list of permissions',
    machine(({ target }) => ({ permissions: target.roles })),
    machines,
  ),
  legal(
    'a machine’s token with a list of our entity alone',
    machine((mint) => ({ aud: [entity(mint)] })),
    machines,
  ),
  legal(
    'a machine’s token for two entities',
    machine((mint) => ({
      aud: [entity(mint), other],
      permissions: { [entity(mint)]: mint.target.roles, [other]: ['admin'] },
    })),
    machines,
  ),
  legal(
    'a machine’s token without permissions here',
    machine(() => ({ permissions: { [other]: ['admin'] } })),
    machines,
  ),
  legal('a machine’s token, ES256', (mint) => bearer(mint.machine({}, mint.keys.good.es256)), {
    ...machines,
    algorithm: 'ES256',
  }),
  legal('a user locked elsewhere', (mint) => bearer(mint.token({ ...mint.records.people.lockedElsewhere }))),
  legal('a good token on the route that demands a role', user(), { route: 'role' }),
  legal('a good machine on the route that demands a role', machine(), { ...machines, route: 'role' }),
  legal('the token in the cookie', inCookie, { acceptedBy: ['cookies'] }),
  legal('the token in the header where a cookie would do', user(), { acceptedBy: ['cookies'] }),
  legal(
    'a token that is no longer good in a cookie of another name',
    (mint) => ({
      headers: [
        ['Authorization', `Bearer ${mint.token()}`],
        ['Cookie', 'app.at_exp=1; app.idt=x'],
      ],
    }),
    { acceptedBy: ['cookies'] },
  ),
];

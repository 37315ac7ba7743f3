import { hash, randomUUID } from 'node:crypto';
import { bearer, forbidden, group } from '../kind.js';
import { encode, type Json, type Mint } from '../mint.js';

const kind = group('token kind', { ids: ['JWT-11'], owed: 'issuer' });
const bound = { ids: ['JWT-11', 'OA-13'], owed: 'policy' } as const;
const stranger = { refusal: forbidden };

const hashed = () => hash('sha256', randomUUID(), 'buffer').subarray(0, 16).toString('base64url');

/** FusionAuth’s ID token: same issuer, audience, subject, key and typ as the access token. */
const idToken = (change: Json) => (mint: Mint) =>
  bearer(
    mint.token({
      applicationId: undefined,
      roles: undefined,
      nonce: 'n-0S6_WzA2Mj',
      at_hash: hashed(),
      c_hash: hashed(),
      ...change,
    }),
  );

/** An access token with one claim that only tokens of other kinds carry. */
const marked = (change: Json) => (mint: Mint) => bearer(mint.token(change));

/** Signed by the issuer’s key, with just these claims. */
const bare =
  (claims: (mint: Mint) => Json, header: Json = {}) =>
  (mint: Mint) =>
    bearer(mint.jws({ header: mint.header({ gty: undefined, ...header }), payload: claims(mint) }));

const id = 'FusionAuth signs ID tokens with the same key, issuer, audience and type';
const signed = 'FusionAuth signs it with a key of the same set';

export const tokenKinds = [
  kind('an ID token', id, idToken({})),
  kind('an ID token without nonce', id, idToken({ nonce: undefined })),
  kind(
    'an ID token of the code flow’s end (c_hash only)',
    id,
    idToken({ nonce: undefined, at_hash: undefined }),
  ),
  kind('an ID token that a lambda gave roles', id, idToken({ roles: ['todo-reader'] })),
  kind('an ID token that a lambda gave roles and application', id, (mint) =>
    idToken({ roles: mint.target.roles, applicationId: mint.target.applicationId })(mint),
  ),
  kind(
    'an ID token stripped of everything that tells it',
    `${id}; what is missing still tells: no registration`,
    idToken({ nonce: undefined, at_hash: undefined, c_hash: undefined }),
    stranger,
  ),
  kind('a nonce in an access token', id, marked({ nonce: 'n' })),
  kind('an access-token hash in an access token', id, marked({ at_hash: hashed() })),
  kind('a code hash in an access token', id, marked({ c_hash: hashed() })),
  kind('a nonce of null', 'whether a claim is there decides, not what it says', marked({ nonce: null })),
  kind('tty of an ID token', 'FusionAuth marks access tokens with tty at', marked({ tty: 'id' })),
  kind('tty of a refresh token', 'FusionAuth marks access tokens with tty at', marked({ tty: 'rt' })),
  kind('tty in capitals', 'FusionAuth marks access tokens with tty at', marked({ tty: 'AT' })),
  kind('tty of null', 'FusionAuth marks access tokens with tty at', marked({ tty: null })),
  kind('tty as a list', 'FusionAuth marks access tokens with tty at', marked({ tty: ['at'] })),
  kind(
    'the signature of a webhook',
    `${signed}; its only claim is a hash of the event`,
    bare(() => ({ request_body_sha256: hash('sha256', '{"event":{}}', 'base64') })),
  ),
  kind(
    'the hash of a webhook’s body in an access token',
    signed,
    marked({ request_body_sha256: hash('sha256', '{}', 'base64') }),
  ),
  kind(
    'a vended token',
    '/api/jwt/vend signs whatever claims it is given, without audience or registration',
    bare(({ now }) => ({ iat: now(), exp: now() + 600, sub: 'ada', roles: ['todo-reader'] })),
  ),
  kind(
    'a vended token with our audience',
    '/api/jwt/vend signs whatever claims it is given',
    bare(({ claims }) => claims({ tid: undefined, applicationId: undefined, roles: undefined })),
  ),
  kind(
    'the Login API’s token for a user who is not registered',
    'it lacks aud and applicationId, by design',
    marked({ aud: undefined, applicationId: undefined, roles: undefined }),
  ),
  kind(
    'an access token for another application of the same tenant',
    'RFC 9700 section 2.3: aud and applicationId name the one it is for',
    (mint) =>
      bearer(
        mint.token({
          aud: '00000000-0000-4000-8000-000000000004',
          applicationId: '00000000-0000-4000-8000-000000000004',
        }),
      ),
    { owed: 'standard', ids: ['JWT-9', 'OA-9'] },
  ),
  kind(
    'a client’s assertion',
    'RFC 7523 section 3: iss and sub are the client, aud the token endpoint',
    bare(({ now, target, lureUrl }) => ({
      iss: target.applicationId,
      sub: target.applicationId,
      aud: `${lureUrl}/oauth2/token`,
      iat: now(),
      exp: now() + 60,
      jti: randomUUID(),
    })),
    { owed: 'standard' },
  ),
  kind(
    'a log-out token',
    'OpenID Connect Back-Channel Logout section 2.4: it says that a session ended',
    bare(
      ({ claims }) =>
        claims({
          applicationId: undefined,
          roles: undefined,
          exp: undefined,
          events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
        }),
      { typ: 'logout+jwt' },
    ),
    { owed: 'policy' },
  ),
  kind(
    'a DPoP proof',
    'RFC 9449 section 4.2: it proves possession of a key, not a right',
    bare(({ now, lureUrl }) => ({ htm: 'GET', htu: lureUrl, iat: now(), jti: randomUUID() }), {
      typ: 'dpop+jwt',
      jwk: { kty: 'EC' },
    }),
    { owed: 'standard' },
  ),
  kind(
    'a token bound to a DPoP key, as a bearer',
    'RFC 9449 section 7.1: only a verifier that does not know the binding takes it',
    marked({ cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' } }),
    bound,
  ),
  kind(
    'a token bound to a certificate, as a bearer',
    'RFC 8705 section 3: only a verifier that does not know the binding takes it',
    marked({ cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' } }),
    bound,
  ),
  kind(
    'a token with an empty confirmation',
    'RFC 7800 section 3: a binding that is not understood is still one',
    marked({ cnf: {} }),
    bound,
  ),
  kind(
    'a token with a confirmation of null',
    'RFC 7800 section 3: a binding that is not understood is still one',
    marked({ cnf: null }),
    bound,
  ),
  kind(
    'claims that only repeat the header',
    'a token claims who, not how it was signed',
    (mint) => bearer(mint.jws({ payload: mint.header() })),
    { owed: 'standard' },
  ),
  kind('a refresh token', 'FusionAuth’s are opaque: they are for the token endpoint', () =>
    bearer(encode(hash('sha512', randomUUID(), 'buffer'))),
  ),
];

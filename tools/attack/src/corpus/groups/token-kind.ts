import { hash, randomUUID } from 'node:crypto';
import type { Json } from '../../../../issuer/src/signing-key.js';
import { encode } from '../../../../issuer/src/token-minter.js';
import { forbidden, kinds } from '../kind.js';
import { bearer, type Make, signed, user } from '../make.js';
import type { Mint } from '../mint.js';

const hashed = () => hash('sha256', randomUUID(), 'buffer').subarray(0, 16).toString('base64url');

/** Makes FusionAuth’s ID token: same issuer, audience, subject, key and typ as the access token. */
const idToken = (change: (mint: Mint) => Json): Make =>
  user((mint) => ({
    applicationId: undefined,
    roles: undefined,
    nonce: 'n-0S6_WzA2Mj',
    at_hash: hashed(),
    c_hash: hashed(),
    ...change(mint),
  }));

/** Signs only these claims with the issuer’s key. */
const bare = (claims: (mint: Mint) => Json, header: Json = {}): Make =>
  signed((mint) => ({ header: mint.header({ gty: undefined, ...header }), payload: claims(mint) }));

const group = 'token kind';
const id = 'FusionAuth signs ID tokens with the same key, issuer, audience and type';
const ofSet = 'FusionAuth signs it with a key of the same set';
const otherApplication = '00000000-0000-4000-8000-000000000004';

export const tokenKinds = [
  ...kinds(group, { ids: ['JWT-11'], owed: 'issuer' })({
    [id]: {
      'an ID token': idToken(() => ({})),
      'an ID token without nonce': idToken(() => ({ nonce: undefined })),
      'an ID token with c_hash only': idToken(() => ({
        nonce: undefined,
        at_hash: undefined,
      })),
      'an ID token that a lambda gave roles': idToken(() => ({ roles: ['todo-reader'] })),
      'an ID token that a lambda gave roles and application': idToken(({ target }) => ({
        roles: target.roles,
        applicationId: target.applicationId,
      })),
      'a nonce in an access token': user({ nonce: 'n' }),
      'an access-token hash in an access token': user({ at_hash: hashed() }),
      'a code hash in an access token': user({ c_hash: hashed() }),
    },
    'the presence of the claim decides, not its value': { 'a nonce of null': user({ nonce: null }) },
    'FusionAuth marks access tokens with tty at': {
      'tty of an ID token': user({ tty: 'id' }),
      'tty of a refresh token': user({ tty: 'rt' }),
      'tty in upper case': user({ tty: 'AT' }),
      'tty of null': user({ tty: null }),
      'tty as a list': user({ tty: ['at'] }),
    },
    [`${ofSet}; its only claim is a hash of the event`]: {
      'the signature of a webhook': bare(() => ({
        request_body_sha256: hash('sha256', '{"event":{}}', 'base64'),
      })),
    },
    [ofSet]: {
      'the hash of a webhook’s body in an access token': user({
        request_body_sha256: hash('sha256', '{}', 'base64'),
      }),
    },
    '/api/jwt/vend signs any claims that it is given, without audience or registration': {
      'a vended token': bare(({ now }) => ({
        iat: now(),
        exp: now() + 600,
        sub: 'ada',
        roles: ['todo-reader'],
      })),
    },
    '/api/jwt/vend signs any claims that it is given': {
      'a vended token with our audience': bare(({ claims }) =>
        claims({ tid: undefined, applicationId: undefined, roles: undefined }),
      ),
    },
    'it lacks aud and applicationId, by design': {
      'the Login API’s token for a user who is not registered': user({
        aud: undefined,
        applicationId: undefined,
        roles: undefined,
      }),
    },
    'FusionAuth’s are opaque: they are for the token endpoint': {
      'a refresh token': () => bearer(encode(hash('sha512', randomUUID(), 'buffer'))),
    },
  }),
  ...kinds(group, { ids: ['JWT-11'], owed: 'issuer', refusal: forbidden })({
    [`${id}; what is missing still tells: no registration`]: {
      'an ID token without all distinguishing claims': idToken(() => ({
        nonce: undefined,
        at_hash: undefined,
        c_hash: undefined,
      })),
    },
  }),
  ...kinds(group, { ids: ['JWT-9', 'OA-9'] })({
    'RFC 9700 section 2.3: aud and applicationId name its application': {
      'an access token for another application of the same tenant': user({
        aud: otherApplication,
        applicationId: otherApplication,
      }),
    },
  }),
  ...kinds(group, { ids: ['JWT-11'] })({
    'RFC 7523 section 3: iss and sub are the client, aud the token endpoint': {
      'a client’s assertion': bare(({ now, target, lureUrl }) => ({
        iss: target.applicationId,
        sub: target.applicationId,
        aud: `${lureUrl}/oauth2/token`,
        iat: now(),
        exp: now() + 60,
        jti: randomUUID(),
      })),
    },
    'RFC 9449 section 4.2: it proves possession of a key, not a right': {
      'a DPoP proof': bare(
        ({ now, lureUrl }) => ({ htm: 'GET', htu: lureUrl, iat: now(), jti: randomUUID() }),
        { typ: 'dpop+jwt', jwk: { kty: 'EC' } },
      ),
    },
    'claims do not describe the signature': {
      'claims that only repeat the header': signed((mint) => ({ payload: mint.header() })),
    },
  }),
  ...kinds(group, { ids: ['JWT-11'], owed: 'policy' })({
    'OpenID Connect Back-Channel Logout section 2.4: it announces the end of a session': {
      'a log-out token': bare(
        ({ claims }) =>
          claims({
            applicationId: undefined,
            roles: undefined,
            exp: undefined,
            events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
          }),
        { typ: 'logout+jwt' },
      ),
    },
  }),
  ...kinds(group, { ids: ['JWT-11', 'OA-13'], owed: 'policy' })({
    'RFC 9449 section 7.1: only a verifier that does not know the binding accepts it': {
      'a token bound to a DPoP key, as a bearer': user({
        cnf: { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' },
      }),
    },
    'RFC 8705 section 3: only a verifier that does not know the binding accepts it': {
      'a token bound to a certificate, as a bearer': user({
        cnf: { 'x5t#S256': 'bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2' },
      }),
    },
    'RFC 7800 section 3: a binding that is not understood is still a binding': {
      'a token with an empty confirmation': user({ cnf: {} }),
      'a token with a confirmation of null': user({ cnf: null }),
    },
  }),
];

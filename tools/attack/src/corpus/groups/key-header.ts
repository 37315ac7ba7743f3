import { createPublicKey } from 'node:crypto';
import { type Json, publicJwk } from '../../../../issuer/src/signing-key.js';
import { kinds } from '../kind.js';
import { header, type Make, otherCase, sent } from '../make.js';
import type { Mint } from '../mint.js';

/** Makes a token signed by an unknown key, with a header that points at that key. */
const strangers = (change: (mint: Mint) => Json, underKnownId = false): Make =>
  sent((mint) => {
    const { rsa } = mint.keys.strangers;
    const { kid } = underKnownId ? mint.keys.good.rs256 : rsa;
    return mint.token({}, { kid, ...change(mint) }, rsa);
  });

const jwk = ({ keys }: Mint) => ({
  jwk: { ...publicJwk(keys.strangers.rsa.privateKey), kid: keys.strangers.rsa.kid },
});
const x5c = ({ keys }: Mint) => {
  const spki = createPublicKey(keys.strangers.rsa.privateKey).export({ type: 'spki', format: 'der' });
  return { x5c: [spki.toString('base64')] };
};

const group = 'header';
const ids = ['JWT-10'];

export const keyHeaders = [
  ...kinds(group, { ids })({
    'RFC 8725 section 3.10: a token must not bring the key that verifies it': {
      'a key of its own (jwk)': strangers(jwk),
      'a key of its own (jwk) under a known id': strangers(jwk, true),
      'a certificate of its own (x5c)': strangers(x5c),
    },
    'RFC 8725 section 3.10: fetching it is also a request forgery': {
      'the address of a key set (jku)': strangers(({ lureUrl }) => ({ jku: `${lureUrl}/jku` })),
      'the address of a key set (jku) under a known id': strangers(
        ({ lureUrl }) => ({ jku: `${lureUrl}/jku-known` }),
        true,
      ),
      'the address of a certificate (x5u)': strangers(({ lureUrl }) => ({ x5u: `${lureUrl}/x5u` })),
      'a key id that is an address': strangers(({ lureUrl }) => ({ kid: `${lureUrl}/kid` })),
    },
    'RFC 7519 section 5.3: claims in the header are not verified': {
      'an issuer address (iss) in the header': strangers(({ lureUrl }) => ({
        iss: lureUrl,
        jku: `${lureUrl}/iss`,
      })),
    },
    'RFC 7515 section 4.1.4: kid is a string': {
      'a key id that is a number': header({ kid: 1 }),
      'a key id that is a list': header(({ keys }) => ({ kid: [keys.good.rs256.kid] })),
    },
    'RFC 8725 section 3.10: constructor is found where only own members should be': {
      'a key id that every object has': header({ kid: 'constructor' }),
    },
    'RFC 8725 section 3.10: __proto__ is found where only own members should be': {
      'a key id that is a prototype': header({ kid: '__proto__' }),
    },
    'RFC 8725 section 3.10: a file of known content would become the key': {
      'a key id that is a path': header({ kid: '../../../../dev/null' }),
    },
    'RFC 8725 section 3.10: an injection would choose the key': {
      'a key id that is an SQL expression': header({ kid: "x' UNION SELECT 'key' --" }),
    },
    'log injection: the id reaches the log of the verifier that looks for it': {
      'a key id with a line break': header({ kid: 'a\r\nSet-Cookie: b=c' }),
    },
    'RFC 7515 section 4.1.4: kid is case-sensitive': {
      'a known key id in the other case': header(({ keys }) => ({ kid: otherCase(keys.good.rs256.kid) })),
    },
  }),
  ...kinds(group, { ids, owed: 'policy' })({
    'FusionAuth never writes jku; a verifier that ignores it here follows it elsewhere': {
      'a key address, signed by the issuer': header(({ lureUrl }) => ({ jku: `${lureUrl}/signed` })),
    },
    'FusionAuth never writes x5u; a verifier that ignores it here follows it elsewhere': {
      'the address of a certificate, signed by the issuer': header(({ lureUrl }) => ({
        x5u: `${lureUrl}/signed-x5u`,
      })),
    },
    'FusionAuth never writes x5c; a verifier that ignores it here follows it elsewhere': {
      'a certificate, signed by the issuer': header(x5c),
    },
    'FusionAuth never writes jwk; a verifier that ignores it here follows it elsewhere': {
      'an embedded key, signed by the issuer': header(jwk),
    },
    'FusionAuth always names one; without it every key of the set would be tried': {
      'no key id': header({ kid: undefined }),
    },
    'RFC 8725 section 3.10: the id only selects a key': {
      'an empty key id': header({ kid: '' }),
    },
  }),
];

import { createPublicKey } from 'node:crypto';
import { bearer, group, type Presented } from '../kind.js';
import type { Json, Mint } from '../mint.js';
import { otherLetters } from '../other-letters.js';

const kind = group('header', { ids: ['JWT-10'] });

/** Rightly signed by the issuer, with one more header parameter. */
const withHeader =
  (change: Json | ((mint: Mint) => Json)) =>
  (mint: Mint): Presented =>
    bearer(mint.token({}, typeof change === 'function' ? change(mint) : change));

/** Signed by a stranger, with a header that says where his key is to be had. */
const strangers =
  (change: (mint: Mint) => Json, claimsKnownKid = false) =>
  (mint: Mint): Presented => {
    const { rsa } = mint.keys.strangers;
    const kid = claimsKnownKid ? mint.keys.good.rs256.kid : rsa.kid;
    return bearer(mint.token({}, { kid, ...change(mint) }, rsa));
  };

const jwk = ({ keys }: Mint) => ({
  ...createPublicKey(keys.strangers.rsa.privateKey).export({ format: 'jwk' }),
  kid: keys.strangers.rsa.kid,
});
const spki = ({ keys }: Mint) =>
  createPublicKey(keys.strangers.rsa.privateKey).export({ type: 'spki', format: 'der' }).toString('base64');

export const keyHeaders = [
  kind(
    'a key of its own (jwk)',
    'RFC 8725 section 3.10: a token must not bring the key that verifies it',
    strangers((mint) => ({ jwk: jwk(mint) })),
  ),
  kind(
    'a key of its own (jwk) under a known id',
    'RFC 8725 section 3.10: a token must not bring the key that verifies it',
    strangers((mint) => ({ jwk: jwk(mint) }), true),
  ),
  kind(
    'the address of a key set (jku)',
    'RFC 8725 section 3.10: fetching it is also a request forged by a stranger',
    strangers(({ lureUrl }) => ({ jku: `${lureUrl}/jku` })),
  ),
  kind(
    'the address of a key set (jku) under a known id',
    'RFC 8725 section 3.10: fetching it is also a request forged by a stranger',
    strangers(({ lureUrl }) => ({ jku: `${lureUrl}/jku-known` }), true),
  ),
  kind(
    'the address of a certificate (x5u)',
    'RFC 8725 section 3.10: fetching it is also a request forged by a stranger',
    strangers(({ lureUrl }) => ({ x5u: `${lureUrl}/x5u` })),
  ),
  kind(
    'a certificate of its own (x5c)',
    'RFC 8725 section 3.10: a token must not bring the key that verifies it',
    strangers((mint) => ({ x5c: [spki(mint)] })),
  ),
  kind(
    'an issuer address (iss) in the header',
    'RFC 7519 section 5.3: claims in a header are not what is verified',
    strangers(({ lureUrl }) => ({ iss: lureUrl, jku: `${lureUrl}/iss` })),
  ),
  kind(
    'a key address although the issuer signed it',
    'FusionAuth never writes jku; a verifier that ignores it here follows it elsewhere',
    withHeader(({ lureUrl }) => ({ jku: `${lureUrl}/signed` })),
    { owed: 'policy' },
  ),
  kind(
    'the address of a certificate although the issuer signed it',
    'FusionAuth never writes x5u; a verifier that ignores it here follows it elsewhere',
    withHeader(({ lureUrl }) => ({ x5u: `${lureUrl}/signed-x5u` })),
    { owed: 'policy' },
  ),
  kind(
    'a certificate although the issuer signed it',
    'FusionAuth never writes x5c; a verifier that ignores it here follows it elsewhere',
    withHeader((mint) => ({ x5c: [spki(mint)] })),
    { owed: 'policy' },
  ),
  kind(
    'an embedded key although the issuer signed it',
    'FusionAuth never writes jwk; a verifier that ignores it here follows it elsewhere',
    withHeader((mint) => ({ jwk: jwk(mint) })),
    { owed: 'policy' },
  ),
  kind(
    'no key id',
    'FusionAuth always names one; without it every key of the set would be tried',
    withHeader({ kid: undefined }),
    { owed: 'policy' },
  ),
  kind(
    'an empty key id',
    'RFC 8725 section 3.10: the id is a key of a map and nothing else',
    withHeader({ kid: '' }),
    { owed: 'policy' },
  ),
  kind('a key id that is a number', 'RFC 7515 section 4.1.4: kid is a string', withHeader({ kid: 1 })),
  kind(
    'a key id that is a list',
    'RFC 7515 section 4.1.4: kid is a string',
    withHeader(({ keys }) => ({ kid: [keys.good.rs256.kid] })),
  ),
  kind(
    'a key id that every object has',
    'RFC 8725 section 3.10: constructor is found where only own members should be',
    withHeader({ kid: 'constructor' }),
  ),
  kind(
    'a key id that is a prototype',
    'RFC 8725 section 3.10: __proto__ is found where only own members should be',
    withHeader({ kid: '__proto__' }),
  ),
  kind(
    'a key id that is a path',
    'RFC 8725 section 3.10: a file of known content would become the key',
    withHeader({ kid: '../../../../dev/null' }),
  ),
  kind(
    'a key id that is an SQL expression',
    'RFC 8725 section 3.10: an injection would choose the key',
    withHeader({ kid: "x' UNION SELECT 'key' --" }),
  ),
  kind(
    'a key id that is an address',
    'RFC 8725 section 3.10: fetching it is also a request forged by a stranger',
    strangers(({ lureUrl }) => ({ kid: `${lureUrl}/kid` })),
  ),
  kind(
    'a key id with a line break',
    'log injection: the id reaches the log of whoever looks for it',
    withHeader({ kid: 'a\r\nSet-Cookie: b=c' }),
  ),
  kind(
    'a known key id in other letters',
    'RFC 7515 section 4.1.4: kid is case-sensitive',
    withHeader(({ keys }) => ({ kid: otherLetters(keys.good.rs256.kid) })),
  ),
];

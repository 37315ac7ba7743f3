import { encode } from '../../../issuer/src/token-minter.js';
import { type Family, family, noted } from './family.js';

const owner = 'RFC 8725 section 3.8: the key must be the issuer’s, and the one that the token names';

/** Families that sign valid claims with a key or signature that must not be accepted. */
export const signerFamilies: readonly Family[] = [
  family(
    'another signer under a known id',
    { why: owner, ids: ['JWT-3', 'JWT-8'], owed: 'standard' },
    (mint, random) => {
      const { good, strangers, flawed } = mint.keys;
      // None of them shares its key with a good one.
      const key = random.pick([
        strangers.rsa,
        strangers.ec,
        strangers.ed25519,
        flawed.short,
        flawed.exponent3,
        flawed.foreignCurve,
      ]);
      const known = random.pick(Object.values(good));
      const alg = random.pick([known.alg, key.alg]);
      return noted(`${key.alg} as ${alg} under ${known.alg}`, mint.token({}, { kid: known.kid, alg }, key));
    },
  ),
  family(
    'a listed key that must verify nothing',
    {
      why: 'RFC 8725 section 3.4, RFC 7517 section 4: a key is used for what it is published for, if it is fit at all',
      ids: ['JWT-2', 'JWT-4'],
      owed: 'policy',
    },
    (mint, random) => {
      const [name, key] = random.pick(Object.entries(mint.keys.flawed));
      return noted(name, mint.token({}, {}, key));
    },
  ),
  family(
    'a signature of random bytes',
    {
      why: 'RFC 8725 section 3.4: lengths and ranges are checked before anything else',
      ids: ['JWT-4'],
      owed: 'standard',
    },
    (mint, random) => {
      const key = random.pick(Object.values(mint.keys.good));
      const input = `${encode(mint.header({}, key))}.${encode(mint.claims())}`;
      const length = random.pick([1, 32, 63, 64, 65, 72, 96, 132, 255, 256, 257, 512]);
      return noted(`${length} bytes as ${key.alg}`, `${input}.${encode(random.bytes(length))}`);
    },
  ),
  family(
    'none in any case',
    {
      why: 'RFC 8725 section 3.2: an unsigned token proves nothing',
      ids: ['JWT-1', 'JWT-2'],
      owed: 'standard',
    },
    (mint, random) => {
      const alg = Array.from('none', (letter) => random.pick([letter, letter.toUpperCase()])).join('');
      const signature = random.pick(['', 'AA', encode(random.bytes(256))]);
      const input = `${encode(mint.header({ alg, ...random.pick([{}, { kid: undefined }]) }))}.${encode(mint.claims())}`;
      return noted(`${alg}, signature of ${signature.length} characters`, `${input}.${signature}`);
    },
  ),
];

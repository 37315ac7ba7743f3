import type { Json } from '../../../issuer/src/signing-key.js';
import { unauthorized } from '../corpus/kind.js';
import type { Mint } from '../corpus/mint.js';
import { differing, type Family, noted } from './family.js';
import type { Random } from './random.js';
import { anything, nearMiss, notInstants, notRoles, notText } from './spoil.js';

interface Spoiled {
  readonly note: string;
  readonly claims?: Json;
  readonly header?: Json;
}

/** Returns a family of valid tokens with one mutated member, correctly signed; harmless members vary too. */
function spoiling(
  traits: Pick<Family, 'name' | 'why' | 'ids' | 'owed'>,
  spoil: (mint: Mint, random: Random) => Spoiled,
): Family {
  return {
    ...traits,
    refusal: unauthorized,
    draw(mint, random) {
      const { note, claims = {}, header = {} } = spoil(mint, random);
      const key = random.pick([mint.keys.good.es256, mint.keys.good.es384, mint.keys.good.rs256]);
      return noted(note, mint.token({ ...harmless(random), ...claims }, header, key));
    },
  };
}

const harmless = (random: Random): Json =>
  random.pick([
    {},
    { data: { a: 1 } },
    { email: undefined },
    { name: 'Åda' },
    { tty: 'at' },
    { scope: 'openid' },
  ]);

const withClaim = (name: string, value: unknown): Spoiled => ({
  note: `${name} ${JSON.stringify(value)}`,
  claims: { [name]: value },
});

const withHeader = (name: string, value: unknown): Spoiled => ({
  note: `${name} ${JSON.stringify(value)}`,
  header: { [name]: value },
});

/** Removes a member, gives it another type, or changes its value slightly. */
function spoiledText(name: string, value: string, random: Random): Spoiled {
  switch (random.below(4)) {
    case 0:
      return withClaim(name, undefined);
    case 1:
      return withClaim(name, random.pick(notText));
    default:
      return withClaim(name, nearMiss(value, random));
  }
}

function outOfBounds({ target, ...mint }: Mint, random: Random): Spoiled {
  const now = mint.now();
  const far = 1 + random.below(100_000);
  // Five seconds beyond the allowed skew, because sending may take a moment.
  const ahead = now + target.clockSkewSeconds + 5 + far;
  const past = now - target.clockSkewSeconds - far;
  return random.pick<Spoiled>([
    { note: `expired ${far} s ago`, claims: { iat: past - 60, exp: past } },
    { note: `not before ${far} s from now`, claims: { nbf: ahead } },
  ]);
}

function disallowed({ target, ...mint }: Mint, random: Random): Spoiled {
  const now = mint.now();
  const far = 60 + random.below(100_000);
  return random.pick<Spoiled>([
    { note: `a lifetime ${far} s too long`, claims: { exp: now + target.maxLifetimeSeconds + far } },
    {
      note: `issued ${far} s from now`,
      claims: { iat: now + target.clockSkewSeconds + far, exp: now + 2 * far + 600 },
    },
    { note: 'no time of issue', claims: { iat: undefined } },
    { note: 'iat', claims: { iat: random.pick(notInstants) } },
  ]);
}

const idMarks = ['nonce', 'at_hash', 'c_hash', 'request_body_sha256'] as const;
const keyMarks = ['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64', 'zip', 'enc', 'cty'] as const;

export const memberFamilies: readonly Family[] = [
  spoiling(
    {
      name: 'a standard claim corrupted',
      why: 'RFC 8725 sections 3.8 and 3.9: exact issuer and audience',
      ids: ['JWT-8', 'JWT-9'],
      owed: 'standard',
    },
    ({ target }, random) =>
      random.below(2) === 0
        ? spoiledText('iss', target.issuer, random)
        : spoiledText('aud', target.applicationId, random),
  ),
  spoiling(
    {
      name: 'a subject or token id of the wrong type',
      why: 'RFC 7519 sections 4.1.2 and 4.1.7: strings',
      ids: ['JWT-8', 'JWT-15'],
      owed: 'policy',
    },
    (_mint, random) => {
      const [name, value] = [
        random.pick(['sub', 'jti']),
        random.pick([...notText, '', ' ', 'a\nb', '\u0000']),
      ];
      return withClaim(name, value);
    },
  ),
  spoiling(
    {
      name: 'a claim of FusionAuth corrupted',
      why: 'tid and applicationId are compared exactly',
      ids: ['JWT-8', 'JWT-11'],
      owed: 'issuer',
    },
    ({ target }, random) =>
      random.below(2) === 0
        ? spoiledText('tid', target.tenantId, random)
        : {
            note: 'applicationId',
            claims: { applicationId: random.pick([...notText, nearMiss(target.applicationId, random)]) },
          },
  ),
  spoiling(
    {
      name: 'roles of the wrong type',
      why: 'FusionAuth writes roles as a list of strings',
      ids: ['JWT-11'],
      owed: 'issuer',
    },
    (_mint, random) => {
      const roles = random.pick([undefined, ...notRoles]);
      return withClaim('roles', roles);
    },
  ),
  spoiling(
    {
      name: 'a mark of another kind of token',
      why: 'the presence of such a claim decides, not its value',
      ids: ['JWT-11', 'OA-13'],
      owed: 'issuer',
    },
    (_mint, random) => {
      const name = random.pick([...idMarks, 'cnf', 'tty']);
      const value = anything(random);
      return withClaim(name, value);
    },
  ),
  spoiling(
    {
      name: 'a time out of bounds',
      why: 'RFC 7519 sections 4.1.4 and 4.1.5',
      ids: ['JWT-13'],
      owed: 'standard',
    },
    outOfBounds,
  ),
  spoiling(
    {
      name: 'a time of the wrong type',
      why: 'RFC 7519 section 2: NumericDate',
      ids: ['JWT-13'],
      owed: 'standard',
    },
    (_mint, random) => {
      const [name, value] = [random.pick(['exp', 'nbf']), random.pick(notInstants)];
      return withClaim(name, value);
    },
  ),
  spoiling(
    {
      name: 'a lifetime or a time of issue that is not allowed',
      why: 'a limited lifetime, and nothing issued in the future',
      ids: ['JWT-13'],
      owed: 'policy',
    },
    disallowed,
  ),
  spoiling(
    {
      name: 'a header that chooses key or rules',
      why: 'RFC 8725 sections 3.3, 3.6 and 3.10',
      ids: ['JWT-6', 'JWT-10', 'JWT-12'],
      owed: 'policy',
    },
    (_mint, random) => {
      const [name, value] = [random.pick(keyMarks), anything(random)];
      return withHeader(name, value);
    },
  ),
  spoiling(
    {
      name: 'an algorithm or key id that is nearly right',
      why: 'RFC 8725 section 3.1: compared exactly',
      ids: ['JWT-1', 'JWT-10'],
      owed: 'standard',
    },
    ({ keys }, random) => {
      const [name, value] = random.pick([
        ['alg', 'RS256'],
        ['kid', keys.good.rs256.kid],
      ] as const);
      const accepted = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];
      const other = differing(
        () => nearMiss(value, random),
        (drawn) => !accepted.includes(drawn),
      );
      return withHeader(name, other);
    },
  ),
];

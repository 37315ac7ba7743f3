import type { Json } from '../../../issuer/src/signing-key.js';
import type { Mint } from '../corpus/mint.js';
import { differing, type Family, family, type FamilyTraits, noted } from './family.js';
import type { Random } from './random.js';
import { anything, nearMiss, notInstants, notRoles, notText } from './spoil.js';

interface Spoiled {
  readonly note: string;
  readonly claims?: Json;
  readonly header?: Json;
}

/** Returns a family of valid tokens with one mutated member, correctly signed; harmless members vary too. */
const spoiling = (
  name: string,
  traits: FamilyTraits,
  spoil: (mint: Mint, random: Random) => Spoiled,
): Family =>
  family(name, traits, (mint, random) => {
    const { note, claims = {}, header = {} } = spoil(mint, random);
    const key = random.pick([mint.keys.good.es256, mint.keys.good.es384, mint.keys.good.rs256]);
    return noted(note, mint.token({ ...harmless(random), ...claims }, header, key));
  });

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
    'a standard claim corrupted',
    {
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
    'a subject or token id of the wrong type',
    { why: 'RFC 7519 sections 4.1.2 and 4.1.7: strings', ids: ['JWT-8', 'JWT-15'], owed: 'policy' },
    (_mint, random) => {
      const wrong = [...notText, '', ' ', 'a\nb', '\u0000'];
      return withClaim(random.pick(['sub', 'jti']), random.pick(wrong));
    },
  ),
  spoiling(
    'a claim of FusionAuth corrupted',
    { why: 'tid and applicationId are compared exactly', ids: ['JWT-8', 'JWT-11'], owed: 'issuer' },
    ({ target }, random) =>
      random.below(2) === 0
        ? spoiledText('tid', target.tenantId, random)
        : {
            note: 'applicationId',
            claims: { applicationId: random.pick([...notText, nearMiss(target.applicationId, random)]) },
          },
  ),
  spoiling(
    'roles of the wrong type',
    { why: 'FusionAuth writes roles as a list of strings', ids: ['JWT-11'], owed: 'issuer' },
    (_mint, random) => withClaim('roles', random.pick([undefined, ...notRoles])),
  ),
  spoiling(
    'a mark of another kind of token',
    { why: 'the presence of such a claim decides, not its value', ids: ['JWT-11', 'OA-13'], owed: 'issuer' },
    (_mint, random) => withClaim(random.pick([...idMarks, 'cnf', 'tty']), anything(random)),
  ),
  spoiling(
    'a time out of bounds',
    { why: 'RFC 7519 sections 4.1.4 and 4.1.5', ids: ['JWT-13'], owed: 'standard' },
    outOfBounds,
  ),
  spoiling(
    'a time of the wrong type',
    { why: 'RFC 7519 section 2: NumericDate', ids: ['JWT-13'], owed: 'standard' },
    (_mint, random) => withClaim(random.pick(['exp', 'nbf']), random.pick(notInstants)),
  ),
  spoiling(
    'a lifetime or a time of issue that is not allowed',
    { why: 'a limited lifetime, and nothing issued in the future', ids: ['JWT-13'], owed: 'policy' },
    disallowed,
  ),
  spoiling(
    'a header that chooses key or rules',
    { why: 'RFC 8725 sections 3.3, 3.6 and 3.10', ids: ['JWT-6', 'JWT-10', 'JWT-12'], owed: 'policy' },
    (_mint, random) => withHeader(random.pick(keyMarks), anything(random)),
  ),
  spoiling(
    'an algorithm or key id that is nearly right',
    { why: 'RFC 8725 section 3.1: compared exactly', ids: ['JWT-1', 'JWT-10'], owed: 'standard' },
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

/** A member written twice, with the same or another value. */
export const twiceFamily = family(
  'a member twice',
  { why: 'RFC 7519 section 4: parsers differ in which of two they believe', ids: ['JWT-7'], owed: 'policy' },
  (mint, random) => {
    const json = JSON.stringify(mint.claims());
    const [name] = random.pick(Object.entries(mint.claims()));
    const again = `${JSON.stringify(name)}:${JSON.stringify(anything(random))}`;
    const payload = random.below(2) === 0 ? `{${again},${json.slice(1)}` : `${json.slice(0, -1)},${again}}`;
    return noted(again, mint.jws({ payload, key: mint.keys.good.es256 }));
  },
);

/** Mutates the permissions or the kind of a machine’s token. */
export const machineFamily = family(
  'a machine’s claim corrupted',
  {
    why: 'FusionAuth writes permissions as a map from entity to a list; tokens of users and tokens of machines exclude each other',
    ids: ['JWT-11', 'OA-12'],
    owed: 'issuer',
  },
  (mint, random) => {
    const { applicationId, entityId = 'none' } = mint.target;
    const change = random.pick<Json>([
      { permissions: undefined },
      { permissions: random.pick(notRoles.filter((value) => JSON.stringify(value) !== '{}')) },
      { permissions: { [entityId]: random.pick(notRoles) } },
      { applicationId: random.pick([applicationId, null, '', 1]) },
      { sub: applicationId },
      { aud: nearMiss(entityId, random) },
      { aud: [entityId, random.bytes(4).toString('hex')], permissions: mint.target.roles },
    ]);
    return noted(JSON.stringify(change), mint.machine(change, mint.keys.good.es256));
  },
);

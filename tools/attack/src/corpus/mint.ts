import { randomUUID } from 'node:crypto';
import { type Json, signature, type SigningKey } from '../../../issuer/src/signing-key.js';
import { encode, userClaims, userHeader } from '../../../issuer/src/token-minter.js';
import type { KeyRing } from '../issuer/key-ring.js';
import type { IssuerRecords } from '../issuer/records.js';
import type { Target } from '../target.js';

type Part = Json | string | Buffer;

export interface Signed {
  /** An object is written as JSON, text and bytes as they are. */
  readonly header?: Part;
  readonly payload?: Part;
  /** The signing key; by default the issuer's RS256 key. */
  readonly key?: SigningKey;
  /** The signing algorithm, even if the header names another. */
  readonly alg?: string;
}

/** Returns claims as FusionAuth writes them; `undefined` in `changes` removes a member. */
function claimsOf(target: Target, { people, machines }: IssuerRecords, now: () => number) {
  const issued = () => ({
    iss: target.issuer,
    iat: now(),
    exp: now() + 3_000,
    jti: randomUUID(),
    tid: target.tenantId,
  });
  return {
    /** A registered user's access token. */
    claims: (changes: Json = {}): Json => ({
      ...userClaims(now() * 1000),
      ...issued(),
      ...people.ada,
      aud: target.applicationId,
      applicationId: target.applicationId,
      roles: target.roles,
      ...changes,
    }),
    /** A client-credentials token. */
    machineClaims: (changes: Json = {}): Json => ({
      ...issued(),
      aud: target.entityId,
      sub: machines.reminder,
      scope: `target-entity:${target.entityId ?? ''}`,
      permissions: { [target.entityId ?? '']: target.roles },
      ...changes,
    }),
  };
}

const header = (key: SigningKey, changes: Json = {}): Json => ({
  ...userHeader(key),
  ...changes,
});

export type Mint = ReturnType<typeof createMint>;

/**
 * Creates a mint that makes tokens as FusionAuth does, and such as it never would. `undefined` in `claims` or `header`
 * removes a member.
 */
export function createMint(
  target: Target,
  { keys, records, lureUrl }: { keys: KeyRing; records: IssuerRecords; lureUrl: string },
  clock: () => number = Date.now,
) {
  const now = () => Math.floor(clock() / 1000);
  const { claims, machineClaims } = claimsOf(target, records, now);
  const signInput = (input: string, key: SigningKey = keys.good.rs256, alg = key.alg) =>
    `${input}.${signature(alg, input, key.privateKey).toString('base64url')}`;
  const jws = ({ key = keys.good.rs256, header: head = header(key), payload = claims(), alg }: Signed) =>
    signInput(`${encode(head)}.${encode(payload)}`, key, alg);
  return {
    target,
    keys,
    records,
    /** An address that is requested only by a verifier that follows URLs in tokens; it serves the unknown key. */
    lureUrl,
    now,
    claims,
    machineClaims,
    header: (changes?: Json, key: SigningKey = keys.good.rs256) => header(key, changes),
    jws,
    /** Signs a text unchanged. */
    signInput,
    /** Makes a user's token with changed claims and header, correctly signed. */
    token: (change: Json = {}, headerChange: Json = {}, key: SigningKey = keys.good.rs256) =>
      jws({ key, header: header(key, headerChange), payload: claims(change) }),
    machine: (change: Json = {}, key: SigningKey = keys.good.rs256) =>
      jws({ key, header: header(key, { gty: ['client_credentials'] }), payload: machineClaims(change) }),
  };
}

import { createPublicKey, verify } from 'node:crypto';
import type { SigningKey } from '../../../issuer/src/signing-key.js';
import type { KeyRing } from './key-ring.js';
import type { IssuerRecords } from './records.js';

interface Parts {
  readonly header: Readonly<Record<string, unknown>>;
  readonly claims: Readonly<Record<string, unknown>>;
}

/**
 * FusionAuth's answer about a token: 401 for a client it was not issued to, else active or not (RFC 7662 section 2.2).
 */
export type Introspection = { readonly active: boolean } | 'not-yours';

/**
 * Introspects as FusionAuth does: every unexpired token that it signed is active, including ID tokens and those of
 * users locked since. Only the client that the token was issued to gets an answer.
 */
export function introspect(
  form: URLSearchParams,
  { keys, records, clock }: { keys: KeyRing; records: IssuerRecords; clock: () => number },
): Introspection {
  const token = form.get('token') ?? '';
  const parts = signedParts(token, Object.values(keys.good));
  const expiry = Number(parts?.claims['exp']);
  if (!parts || !(expiry * 1000 > clock())) return { active: false };
  const client = form.get('client_id');
  if (client !== null && ![parts.claims['aud']].flat().includes(client)) return 'not-yours';
  if (records.inactive.has(String(parts.claims['jti']))) return { active: false };
  return { active: true, ...parts.claims };
}

function signedParts(token: string, keys: readonly SigningKey[]): Parts | undefined {
  const [header = '', claims = '', signature = '', ...more] = token.split('.');
  const parts = { header: parsed(header), claims: parsed(claims) };
  const key = keys.find(({ kid }) => kid === parts.header?.['kid']);
  if (more.length > 0 || !key || !parts.header || !parts.claims) return undefined;
  const hash = `sha${key.alg.slice(2)}`;
  const publicKey = { key: createPublicKey(key.privateKey), dsaEncoding: 'ieee-p1363' as const };
  const good = verify(
    hash,
    Buffer.from(`${header}.${claims}`),
    publicKey,
    Buffer.from(signature, 'base64url'),
  );
  return good ? { header: parts.header, claims: parts.claims } : undefined;
}

function parsed(segment: string): Parts['claims'] | undefined {
  try {
    return JSON.parse(Buffer.from(segment, 'base64url').toString()) as Parts['claims'];
  } catch {
    return undefined;
  }
}

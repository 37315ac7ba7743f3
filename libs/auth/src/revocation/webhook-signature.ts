import { createHash } from 'node:crypto';
import { isEncoded, type Members, membersOf, segmentsOf } from '../strategies/jwt/compact-token.js';
import { nodeEngine } from '../strategies/jwt/engines/node.engine.js';
import type { KeySource } from '../strategies/jwt/key-source.js';
import { type GoodHeader, judgeHeader } from '../strategies/jwt/token-header.js';

export interface WebhookKey {
  /** The id of the key that signs webhooks. No other key in the set may. */
  readonly kid: string;
  readonly keys: Pick<KeySource, 'find'>;
}

/**
 * The reasons for which a webhook is not accepted as FusionAuth's, and what an operator can do if FusionAuth did send
 * it.
 */
export const signatureFaults = {
  'no-signature': 'it has no signature: enable signatureConfiguration of the webhook',
  form: 'its signature is not a JWS of header, claims and signature as FusionAuth makes them',
  algorithm:
    'its signature is not by RS256, RS384, RS512, ES256, ES384 or ES512: make an RS256 or ES256 key in Key Master and have the webhook sign with it; HMAC and EdDSA keys are not accepted',
  'key-id': 'its signature is by another key than the one that WEBHOOK_KEY_ID names',
  'unknown-key':
    'FusionAuth’s key set holds no key with the id in WEBHOOK_KEY_ID: "npm run provision" prints the id of the right one',
  signature: 'its signature is not valid',
  digest: 'its signature is for another body',
  'key-unavailable': 'FusionAuth’s key set cannot be read',
} as const;

export type SignatureFault = keyof typeof signatureFaults;

/** The digest that FusionAuth signed. */
export interface Signed {
  readonly digest: unknown;
}

/**
 * Verifies the header `X-FusionAuth-Signature-JWT` of a webhook. It signs the digest of the body, so the body is not
 * needed. The JWS has no times; the age of an event follows from its `createInstant`. Resolves with the signed
 * digest, or with what is wrong. All faults are the sender's, except `key-unavailable` and `unknown-key`.
 */
export async function verifySignature(
  signature: string | undefined,
  { kid, keys }: WebhookKey,
): Promise<Signed | SignatureFault> {
  const read = readSignature(signature);
  if (typeof read === 'string') return read;
  const { text, alg, claims } = read;
  if (read.kid !== kid) return 'key-id';
  const found = await keys.find(kid);
  if (found.kind === 'unavailable') return 'key-unavailable';
  if (found.kind === 'unknown') return 'unknown-key';
  if (!found.key.algorithms.includes(alg)) return 'algorithm';
  if (!nodeEngine({ text, alg, key: found.key })) return 'signature';
  return { digest: claims['request_body_sha256'] };
}

/** Tells whether a body, byte for byte as received, is the one that FusionAuth signed. */
export const isOfBody = ({ digest }: Signed, body: Uint8Array): boolean =>
  digest === createHash('sha256').update(body).digest('base64');

interface ReadSignature extends GoodHeader {
  readonly text: string;
  readonly claims: Members;
}

function readSignature(text: string | undefined): ReadSignature | SignatureFault {
  if (!text) return 'no-signature';
  const segments = segmentsOf(text);
  const header = segments && membersOf(segments.header);
  const claims = segments && membersOf(segments.claims);
  if (!header || !claims || !isEncoded(segments.signature)) return 'form';
  const judged = judgeSignatureHeader(header);
  return typeof judged === 'string' ? judged : { ...judged, text, claims };
}

function judgeSignatureHeader(header: Members): GoodHeader | SignatureFault {
  // A thumbprint (x5t) also identifies a key, and the key id must be the only identifier.
  if (Object.keys(header).some((name) => name.startsWith('x5'))) return 'form';
  const judged = judgeHeader(header);
  if (typeof judged !== 'string') return judged;
  if (judged === 'symmetric-algorithm') return 'algorithm';
  return judged === 'algorithm' || judged === 'key-id' ? judged : 'form';
}

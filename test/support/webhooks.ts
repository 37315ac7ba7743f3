import { hash, randomUUID } from 'node:crypto';
import type { Json } from '../../tools/issuer/src/signing-key.js';
import { signJws, tenantId, type TokenMinter } from '../../tools/issuer/src/token-minter.js';

/** A webhook as FusionAuth sends it: the bytes of its body, and the header `X-FusionAuth-Signature-JWT`. */
export interface Webhook {
  readonly body: Buffer;
  readonly signature: string;
}

/** Returns an event of our tenant, as FusionAuth writes it, created now unless `members` say otherwise. */
export const fusionAuthEvent = (type: string, createInstant: number, members: Json = {}): Json => ({
  id: randomUUID(),
  type,
  createInstant,
  tenantId,
  ...members,
});

/** Signs an event as FusionAuth does (FusionAuth docs, Signing Webhooks). */
export const signedWebhook = (key: TokenMinter, event: Json): Promise<Webhook> =>
  signedBody(key, Buffer.from(JSON.stringify({ event })));

export async function signedBody(key: TokenMinter, body: Buffer, header: Json = {}): Promise<Webhook> {
  const claims = { request_body_sha256: hash('sha256', body, 'base64') };
  const head = { alg: key.alg, typ: 'JWT', kid: key.kid, ...header };
  return { body, signature: await signJws(JSON.stringify(claims), head, key.privateKey) };
}

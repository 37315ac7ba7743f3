import { createHash } from 'node:crypto';
import type { Instance } from '../instance.js';
import type { WebhookRecord } from '../state/state.js';
import { keyOf, sign } from '../tokens/signing-key.js';

/**
 * Returns the value of `X-FusionAuth-Signature-JWT` by the webhook's key, with one claim, the SHA-256 of the body's
 * bytes in base64, and no times; undefined for a webhook without signatures. Rejects when the key was deleted.
 */
export async function signatureOf(
  instance: Instance,
  { signatureConfiguration }: WebhookRecord,
  body: Buffer,
): Promise<string | undefined> {
  if (!signatureConfiguration?.enabled) return undefined;
  const key = keyOf(instance, signatureConfiguration.signingKeyId);
  return sign(key, { request_body_sha256: createHash('sha256').update(body).digest('base64') });
}

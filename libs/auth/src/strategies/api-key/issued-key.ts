import { randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

// 32 bytes of secret in base64url are 43 characters; the id is that of the FusionAuth key, a UUID without dashes.
const form =
  /^gatehouse_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})_[\w-]{43}[0-9a-f]{8}$/;

/**
 * Returns the text of a new API key: a prefix that secret scanners find, the id of the future FusionAuth key, a secret of
 * 256 bits and a checksum, so that a mistyped or made-up key is refused without a call to FusionAuth.
 */
export function mintApiKey(id: string): string {
  const body = `gatehouse_${id.replaceAll('-', '').toLowerCase()}_${randomBytes(32).toString('base64url')}`;
  return body + checksumOf(body);
}

/** Returns the FusionAuth id in a key that {@link mintApiKey} made, as a UUID; undefined for any other text. */
export function issuedKeyId(key: string): string | undefined {
  const isIssued = form.test(key) && key.endsWith(checksumOf(key.slice(0, -8)));
  return isIssued ? key.replace(form, '$1-$2-$3-$4-$5') : undefined;
}

const checksumOf = (body: string): string => crc32(body).toString(16).padStart(8, '0');

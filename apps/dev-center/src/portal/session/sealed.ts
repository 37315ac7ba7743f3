import { hkdfSync, randomBytes } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { Clock, Secret } from '#gatehouse/platform';

/** The purpose of a sealed text: one that was sealed for another purpose does not open. */
type Purpose = 'session' | 'log-in';

/**
 * Seals content for a cookie: JWE (RFC 7516) with direct encryption by AES-256-GCM, so that nobody else can read or
 * change it. Each instance generates a key unless one is set.
 */
export class Sealed {
  readonly #key: Uint8Array;

  constructor(
    key: Secret | undefined,
    private readonly clock: Clock,
  ) {
    const material = key ? Buffer.from(key.reveal()) : randomBytes(32);
    this.#key = new Uint8Array(hkdfSync('sha256', material, '', 'gatehouse portal cookies', 32));
  }

  /** Seals content; `until` in milliseconds since the epoch. */
  seal(content: object, purpose: Purpose, until: number): Promise<string> {
    return new EncryptJWT({ content })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(purpose)
      .setExpirationTime(Math.floor(until / 1000))
      .encrypt(this.#key);
  }

  /** Returns the content; undefined for a text that was not sealed here for this purpose, or has expired. */
  async open(text: string, purpose: Purpose): Promise<unknown> {
    const opened = await jwtDecrypt(text, this.#key, {
      audience: purpose,
      currentDate: new Date(this.clock()),
      requiredClaims: ['exp'],
      keyManagementAlgorithms: ['dir'],
      contentEncryptionAlgorithms: ['A256GCM'],
    }).catch(() => undefined);
    return opened?.payload['content'];
  }
}

import { hkdfSync, randomBytes } from 'node:crypto';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import type { Clock, Secret } from '#gatehouse/platform';

/** The purpose of a sealed text: one that was sealed for another purpose does not open. */
type Purpose = 'session' | 'log-in';

/**
 * Seals what a browser keeps for us in a cookie: JWE (RFC 7516) with direct encryption by AES-256-GCM, so that nobody else can
 * read it or change it. Each instance makes a key up unless one is set.
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

  /** `until` in milliseconds since the epoch. */
  seal(content: object, purpose: Purpose, until: number): Promise<string> {
    return new EncryptJWT({ content })
      .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
      .setAudience(purpose)
      .setExpirationTime(Math.floor(until / 1000))
      .encrypt(this.#key);
  }

  /** The content; undefined for a text that is not a seal of ours for this purpose, or has expired. */
  async open(text: string, purpose: Purpose): Promise<unknown> {
    try {
      const { payload } = await jwtDecrypt(text, this.#key, {
        audience: purpose,
        currentDate: new Date(this.clock()),
        requiredClaims: ['exp'],
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      });
      return payload['content'];
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}

import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
// FusionAuth's default scheme, salted-pbkdf2-hmac-sha256 with factor 24,000.
const hash = (password: string, salt: string) =>
  derive(password, Buffer.from(salt, 'base64'), 24_000, 32, 'sha256');

export interface PasswordHash {
  /** Base64. */
  salt: string;
  hash: string;
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(32).toString('base64');
  return { salt, hash: (await hash(password, salt)).toString('base64') };
}

export async function isPassword(password: string, stored: PasswordHash | undefined): Promise<boolean> {
  if (!stored) return false;
  return timingSafeEqual(await hash(password, stored.salt), Buffer.from(stored.hash, 'base64'));
}

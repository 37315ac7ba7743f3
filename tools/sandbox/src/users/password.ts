import { pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { notImplemented } from '../answer.js';

const derive = promisify(pbkdf2);
const ownScheme = 'salted-pbkdf2-hmac-sha256';
// FusionAuth's factor is 24,000. That would cost a test run with thousands of log-ins minutes, to protect generated
// passwords.
const factor = 500;
const hash = (password: string, salt: string, rounds: number) =>
  derive(password, Buffer.from(salt, 'base64'), rounds, 32, 'sha256');

export interface PasswordHash {
  /** Base64. */
  salt: string;
  hash: string;
  /** The number of rounds; 24,000 when omitted. */
  factor?: number;
  /** The scheme of a hash made elsewhere; missing for the sandbox's own. */
  scheme?: string;
}

export async function hashPassword(password: string): Promise<PasswordHash> {
  const salt = randomBytes(32).toString('base64');
  return { salt, hash: (await hash(password, salt, factor)).toString('base64'), factor };
}

export async function isPassword(password: string, stored: PasswordHash | undefined): Promise<boolean> {
  if (!stored) return false;
  if (stored.scheme !== undefined && stored.scheme !== ownScheme)
    throw notImplemented(`log-ins with passwords of the scheme ${stored.scheme}`);

  return timingSafeEqual(
    await hash(password, stored.salt, stored.factor ?? 24_000),
    Buffer.from(stored.hash, 'base64'),
  );
}

/** Compares secrets in constant time. */
export function sameSecret(presented: string, expected: string): boolean {
  const [left, right] = [Buffer.from(presented), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { sameSecret } from '#gatehouse/platform';
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

  const derived = await hash(password, stored.salt, stored.factor ?? 24_000);
  return sameSecret(derived.toString('base64'), Buffer.from(stored.hash, 'base64').toString('base64'));
}

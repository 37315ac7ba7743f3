import { pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { sameSecret } from '#gatehouse/platform';
import { notImplemented } from '../answer.js';
import type { Tenant } from '../wire.js';

type PasswordRules = NonNullable<Tenant['passwordValidationRules']>;

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

/** Returns the first rule of a tenant that a password breaks: its code, and what the password needs. */
export function brokenRule(
  { minLength = 8, maxLength = 256, requireMixedCase, requireNonAlpha, requireNumber }: PasswordRules,
  password: string,
): { readonly code: string; readonly needed: string } | undefined {
  const checks = [
    [password.length < minLength, 'tooShort', `at least ${minLength} characters`],
    [password.length > maxLength, 'tooLong', `at most ${maxLength} characters`],
    [requireMixedCase && !/\p{Ll}.*\p{Lu}|\p{Lu}.*\p{Ll}/su.test(password), 'singleCase', 'both cases'],
    [requireNonAlpha && /^\p{L}*$/u.test(password), 'onlyAlpha', 'a character other than a letter'],
    [requireNumber && !/\p{N}/u.test(password), 'requireNumber', 'a number'],
  ] as const;
  const [, code, needed] = checks.find(([isBroken]) => isBroken) ?? [];
  return code && { code, needed };
}

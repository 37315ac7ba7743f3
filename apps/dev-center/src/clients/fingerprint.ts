import { hash } from 'node:crypto';

/**
 * By which a secret is recognised without being kept: 128 bits of its SHA-256. Everything that is handed out here is
 * random and at least that long, so nobody finds the secret behind it.
 */
export const fingerprintOf = (secret: string): string => hash('sha256', secret).slice(0, 32);

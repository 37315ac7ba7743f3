import { createHmac } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Secret, writePrivateFile } from '#gatehouse/platform';
import type { HandOver } from '../issuers/issuer.js';

const addressSchema = z.object({
  url: z.url(),
  token: z.string(),
  /** The FusionAuth that the process uses. */
  fusionauthUrl: z.url(),
  /** The webhook that it sets up. */
  webhookUrl: z.url().optional(),
});

/** The address where the process with the embedded database accepts commands, and the token that it requires. */
export type RpcAddress = Readonly<z.output<typeof addressSchema>>;

const addressFileIn = (dataDir: string): string => join(dataDir, 'dev-center', 'door.json');

/** Writes the address to a file of mode 0600, as private as the database itself. Returns a function that removes it. */
export function announce(dataDir: string, address: RpcAddress): () => void {
  const file = addressFileIn(dataDir);
  writePrivateFile(file, `${JSON.stringify(address)}\n`);
  return () => {
    if (readAddress(dataDir)?.token === address.token) rmSync(file, { force: true });
  };
}

/** Reads the address announced last. Its process may have ended since; see `isServing`. */
export function readAddress(dataDir: string): RpcAddress | undefined {
  try {
    return addressSchema.parse(JSON.parse(readFileSync(addressFileIn(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
}

/** Returns the answer to a challenge, which requires the token. */
export const proofOf = (token: string, challenge: string): string =>
  createHmac('sha256', token).update(challenge).digest('base64url');

/** The body of a request to run a command. */
export const requestSchema = z.object({
  args: z.record(z.string(), z.unknown()),
  actor: z.string(),
});

/** A response has one event per line, as JSON. The last one is `result` or `error`. */
export const eventSchema = z.union([
  z.object({ report: z.string() }),
  z.object({
    approval: z.object({
      userCode: z.string(),
      verificationUri: z.url(),
      verificationUriComplete: z.url().optional(),
      expiresInSeconds: z.number(),
    }),
  }),
  z.object({
    receipt: z.uuid(),
    handOver: z.object({
      settings: z.record(z.string(), z.string()),
      secret: z.object({ name: z.string(), value: z.string().transform((text) => new Secret(text)) }),
    }),
  }),
  z.object({ result: z.record(z.string(), z.unknown()) }),
  z.object({ error: z.object({ message: z.string(), exitCode: z.int() }) }),
]);

/** An event as it is written. */
export type RpcEvent = z.input<typeof eventSchema>;

/** The body of a receipt: `failed` says why the secret could not be stored. */
export const receiptSchema = z.object({ failed: z.string().optional() });

/**
 * Reveals the secret for sending. This is the only place that does so: over loopback, to a caller that knows the
 * token.
 */
export const revealed = ({ settings, secret: { name, value } }: HandOver) => ({
  settings: { ...settings },
  secret: { name, value: value.reveal() },
});

import { z } from 'zod';
import { Secret } from '#gatehouse/platform';
import type { HandOver } from '../issuers/issuer.js';

/** What a command's answer is made of: one JSON object a line, the last one `result` or `error`. */
export const eventSchema = z.union([
  z.object({ tell: z.string() }),
  z.object({
    receipt: z.uuid(),
    handOver: z.object({
      settings: z.record(z.string(), z.string()),
      secret: z.object({ name: z.string(), value: z.string() }),
    }),
  }),
  z.object({ result: z.record(z.string(), z.unknown()) }),
  z.object({ error: z.object({ message: z.string(), exitCode: z.int() }) }),
]);

export type DoorEvent = z.output<typeof eventSchema>;

/** Asks for a command. */
export const requestSchema = z.object({
  args: z.record(z.string(), z.unknown()),
  actor: z.string().max(200),
});

/** Says what became of a secret; without `failed` it is where it belongs. */
export const receiptSchema = z.object({ failed: z.string().optional() });

/** The one place where a secret travels: over the loopback address, to whoever has the door's token. */
export const onTheWire = (handOver: HandOver) => ({
  settings: handOver.settings,
  secret: { name: handOver.secret.name, value: handOver.secret.value.reveal() },
});

export const offTheWire = ({ settings, secret }: ReturnType<typeof onTheWire>): HandOver => ({
  settings,
  secret: { name: secret.name, value: new Secret(secret.value) },
});

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Talk } from '../talk.js';
import { type DoorAddress, proofOf } from './door-file.js';
import { eventSchema, offTheWire } from './wire.js';

/**
 * Whether the process that announced the door is behind it. The token is not sent to find out, since another program may
 * have the port by now: the process proves that it knows the token.
 */
export async function isOpen({ url, token }: DoorAddress): Promise<boolean> {
  const challenge = randomUUID();
  try {
    const answer = await fetch(`${url}/door/${challenge}`, { signal: AbortSignal.timeout(2_000) });
    return answer.status === 200 && (await answer.text()) === proofOf(token, challenge);
  } catch {
    return false;
  }
}

/** Runs a command in the process behind the door. Throws the ExitError that it ended with, and 4 when it fell silent. */
export async function runThroughDoor(
  door: DoorAddress,
  name: string,
  args: object,
  talk: Talk,
): Promise<object> {
  const answer = await fetch(`${door.url}/commands/${name}`, post(door, { args, actor: talk.actor })).catch(
    lost,
  );
  if (answer.status !== 200 || !answer.body) {
    throw new ExitError(
      `The Dev Center at ${door.url} answered ${answer.status} instead of running the command.`,
      exitCodes.unavailable,
    );
  }
  for await (const line of createInterface({ input: Readable.fromWeb(answer.body) }).on(
    'error',
    () => undefined,
  )) {
    const event = eventSchema.parse(JSON.parse(line));
    if ('tell' in event) talk.tell(event.tell);
    else if ('result' in event) return event.result;
    else if ('error' in event) throw new ExitError(event.error.message, event.error.exitCode);
    else await take(door, event, talk);
  }
  return lost();
}

type HandedOver = Extract<ReturnType<typeof eventSchema.parse>, { readonly receipt: string }>;

/** The other side waits for the receipt: without it the credential never comes into force. */
async function take(door: DoorAddress, { receipt, handOver }: HandedOver, talk: Talk): Promise<void> {
  const failed = await talk.handOver(offTheWire(handOver)).then(
    () => undefined,
    (error: unknown) => (error as Error).message,
  );
  await fetch(`${door.url}/receipts/${receipt}`, post(door, failed === undefined ? {} : { failed })).catch(
    lost,
  );
}

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

const post = ({ token }: DoorAddress, body: object): RequestInit => ({
  method: 'POST',
  headers: { ...bearer(token), 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function lost(): never {
  throw new ExitError(
    'The process that has the database open went away before it said how the command ended. "npm run credentials -- ' +
      'list" tells; what was begun and not handed over is taken back.',
    exitCodes.unavailable,
  );
}

import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { CommandIO } from '../commands/command.js';
import { eventSchema, proofOf, type RpcAddress } from './protocol.js';

/**
 * Tells whether the process that announced the address still listens there. Another program may use the port by now,
 * so the token is not sent: the process proves that it knows it.
 */
export async function isServing({ url, token }: RpcAddress): Promise<boolean> {
  const challenge = randomUUID();
  try {
    const answer = await fetch(`${url}/proof/${challenge}`, { signal: AbortSignal.timeout(2_000) });
    return (await answer.text()) === proofOf(token, challenge);
  } catch {
    return false;
  }
}

/** Runs a command in the process at the address. Throws its ExitError, or one with code 4 if the connection is lost. */
export async function runRemotely(
  address: RpcAddress,
  name: string,
  args: object,
  { actor, report, deliver, showApproval }: CommandIO,
): Promise<object> {
  const answer = await post(address, `/commands/${name}`, { args, actor });
  if (answer.status !== 200 || !answer.body) {
    throw new ExitError(
      `The Dev Center at ${address.url} answered ${answer.status} instead of running the command.`,
      exitCodes.unavailable,
    );
  }
  let notStored: Error | undefined;
  // A broken connection is an error of the stream, or its end.
  const input = Readable.fromWeb(answer.body).on('error', () => lines.close());
  const lines = createInterface({ input }).on('error', () => undefined);
  for await (const line of lines) {
    // Sent every 30 s, so that an idle connection is not taken for a broken one.
    if (line === '') continue;
    const event = eventSchema.parse(JSON.parse(line));
    if ('report' in event) {
      report(event.report);
    } else if ('approval' in event) {
      showApproval?.(event.approval);
    } else if ('result' in event) {
      return event.result;
    } else if ('error' in event) {
      throw notStored ?? new ExitError(event.error.message, event.error.exitCode);
    } else {
      // The other side waits for the receipt: without it the credential is never activated.
      await deliver(event.handOver).catch((error: unknown) => (notStored = error as Error));
      await post(address, `/receipts/${event.receipt}`, { failed: notStored?.message });
    }
  }
  return lost();
}

const post = ({ url, token }: RpcAddress, path: string, body: object): Promise<Response> =>
  fetch(`${url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }).catch(lost);

function lost(): never {
  throw new ExitError(
    'The process that has the database open ended before it reported the result of the command. Check "npm run ' +
      'credentials -- list"; a credential that was not handed over is revoked.',
    exitCodes.unavailable,
  );
}

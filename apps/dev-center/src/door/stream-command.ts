import type { ServerResponse } from 'node:http';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { Center } from '../center.js';
import type { Command } from '../commands/command.js';
import { runCommand } from '../run-command.js';
import type { Talk } from '../talk.js';
import type { Receipts } from './receipts.js';
import { type DoorEvent, onTheWire } from './wire.js';

export interface StreamedCommand {
  readonly command: Command;
  readonly args: object;
  readonly actor: string;
  readonly center: Center;
  readonly receipts: Receipts;
  readonly stream: ServerResponse;
}

/** Runs a command and writes how it goes, one JSON object a line. Never throws. */
export async function streamCommand(options: StreamedCommand): Promise<void> {
  const { command, args, actor, center, receipts, stream } = options;
  const gone = new AbortController();
  stream.on('close', () => gone.abort());
  stream.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
  const write = (event: DoorEvent) => void stream.write(`${JSON.stringify(event)}\n`);
  const talk: Talk = {
    actor,
    tell: (tell) => write({ tell }),
    async handOver(handOver) {
      const { id: receipt, arrival } = receipts.expect(gone.signal);
      write({ receipt, handOver: onTheWire(handOver) });
      await arrival;
    },
  };
  try {
    write({ result: (await runCommand(command, args, center, talk)) as Record<string, unknown> });
  } catch (error) {
    write({ error: failureOf(error, center) });
  }
  stream.end();
}

function failureOf(error: unknown, { log }: Center): { message: string; exitCode: number } {
  if (error instanceof ExitError) return { message: error.message, exitCode: error.exitCode };
  log.error({ err: error }, 'a command failed unexpectedly');
  const message = `The command failed unexpectedly (${(error as Error).message}); the log of the Dev Center has more.`;
  return { message, exitCode: exitCodes.workHeld };
}

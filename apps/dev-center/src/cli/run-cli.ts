import { hostname, userInfo } from 'node:os';
import { exitCodes } from '#gatehouse/platform';
import type { Command } from '../commands/command.js';
import { checkArguments } from '../run-command.js';
import { parseCommandLine } from './arguments.js';
import { type Reachable, runWhereTheDatabaseIs } from './reach.js';
import { secretPlace } from './secret-place.js';
import { withFiles } from './with-files.js';

interface Streams {
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
}

/** Runs one command line. Resolves with the exit code; throws an ExitError for everything that can be expected to go wrong. */
export async function runCli(
  program: string,
  commands: Readonly<Record<string, Command>>,
  typed: readonly string[],
  reachable: Reachable,
  { stdout, stderr }: Streams = process,
): Promise<number> {
  const { name, command, args, json, out } = parseCommandLine(program, commands, typed);
  // Before the place of the secret: first what is to be done, then where its result goes.
  checkArguments(command, args);
  const place = command.issues && secretPlace({ out, json, screen: stdout });
  const talk = {
    actor: `command:${userInfo().username}@${hostname()}`,
    tell: (text: string) => void stderr.write(`… ${text}\n`),
    handOver: async (handOver: Parameters<NonNullable<typeof place>['put']>[0]) => place?.put(handOver),
  };
  const result = await runWhereTheDatabaseIs(name, command, await withFiles(command, args), talk, reachable);
  if (json) stdout.write(`${JSON.stringify(out === undefined ? result : { ...result, secretFile: out })}\n`);
  // What was handed over is the output, ready to be read by a shell.
  else (command.issues ? stderr : stdout).write(`${command.show(result)}\n`);
  return command.exitCode?.(result) ?? exitCodes.done;
}

import { readFile } from 'node:fs/promises';
import { hostname, userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import type { ApprovalRequest } from '#gatehouse/fusionauth/control';
import { checkArguments, exitCodes, ExitError } from '#gatehouse/platform';
import { type Caller, runCommand } from '../local-rpc/run-command.js';
import { approvalText, drawsPictures } from './approval-text.js';
import { parseCommandLine } from './arguments.js';
import type { Face, Faces } from './faces.js';
import { secretOutput } from './secret-output.js';

interface Streams {
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
  readonly stderr: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** Runs one command line. Resolves with the exit code; throws an ExitError for every expected failure. */
export async function runCli(
  program: string,
  faces: Faces,
  typed: readonly string[],
  caller: Caller,
  { stdout, stderr }: Streams = process,
): Promise<number> {
  const { name, face, line, args: named, json, out } = parseCommandLine(program, faces, typed);
  const args = await withFile(face, named);
  // Checked before the output of the secret: the command first, then where its result goes.
  checkArguments(line, args);
  const output = face.issues && secretOutput({ out, json, screen: stdout });
  const io = {
    actor: `command:${userInfo().username}@${hostname()}`,
    report: (text: string) => void stderr.write(`… ${text}\n`),
    showApproval: (request: ApprovalRequest) =>
      void stderr.write(approvalText(request, drawsPictures(caller.environment, [stdout, stderr]))),
    deliver: output ?? (() => Promise.reject(new Error(`${name} hands out no secret`))),
  };
  const result = await runCommand(name, face.command, args, io, caller);
  if (json) stdout.write(`${JSON.stringify(out === undefined ? result : { ...result, secretFile: out })}\n`);
  // The secret's settings are the output, ready for a shell to read.
  else (face.issues ? stderr : stdout).write(`${face.show(result)}\n`);
  return face.exitCode?.(result) ?? exitCodes.done;
}

/**
 * Returns the arguments with the content of the file that one of them names, so that a secret is never on a command
 * line.
 */
export async function withFile(
  { reads }: Face,
  args: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const file = reads === undefined ? undefined : args[reads];
  if (reads === undefined || typeof file !== 'string') return args;
  const content = file === '-' ? text(process.stdin) : readFile(file, 'utf8');
  return {
    ...args,
    [reads]: await content.catch((error: unknown) => {
      const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
      throw new ExitError(`${file} cannot be read (${code}).`, exitCodes.usage);
    }),
  };
}

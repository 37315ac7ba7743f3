import { execFile, spawn } from 'node:child_process';
import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { quickDatabase, sharedCode } from '../../support/typescript-process.js';

const root = join(import.meta.dirname, '../../..');
const run = promisify(execFile);
const text = ['docs/credentials.md', 'docs/running.md']
  .map((path) => readFileSync(join(root, path), 'utf8'))
  .join('\n');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

/** Returns the text below a heading of the documents that a newcomer follows. */
function section(title: string): string {
  const found = text.split(/^## /m).find((part) => part.startsWith(`${title}\n`));
  if (found === undefined)
    throw new Error(`There is no section "${title}" in docs/credentials.md and docs/running.md`);
  return found;
}

/** Returns the blocks that a newcomer pastes from a section. */
export const blocksOf = (title: string): string[] =>
  [...section(title).matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block);

/** The strategies with which docs/credentials.md tells a newcomer to start everything. */
export const authStrategy =
  /AUTH_STRATEGY=(\S+) npm start/.exec(section('How do I get a credential?'))?.[1] ?? '';

/** A pasted block: its output so far, and its end. */
export interface Pasted {
  output(): string;
  readonly exit: Promise<number | null>;
  /** Sends Ctrl-C; does nothing if the block has exited. */
  interrupt(): void;
}

interface ShellOptions {
  /** The directory that replaces `.data`. */
  readonly dataDir: string;
  /** Addresses in the documents, and what replaces them in this test. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** Variables for one npm script, by its name. */
  readonly variables?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/**
 * Runs blocks of the documents as if pasted into terminals, unchanged except for addresses. `npm run` starts the
 * built program of the script; curl need not be installed.
 */
export async function readmeShell({ dataDir, addresses = {}, variables = {} }: ShellOptions) {
  const directory = await temporaryDirectory();
  symlinkSync(dataDir, join(directory.path, '.data'));
  const program = (name: string, lines: string) => {
    writeFileSync(join(directory.path, name), `#!/bin/sh\n${lines}\n`);
    chmodSync(join(directory.path, name), 0o700);
  };
  program('npm', npmRun(variables));
  program('curl', `exec '${process.execPath}' '${join(import.meta.dirname, 'curl.main.ts')}' "$@"`);
  program('node', `exec '${process.execPath}' "$@"`);
  const words = (block: string) => [
    '-e',
    '-c',
    Object.entries(addresses).reduce((all, [from, to]) => all.replaceAll(from, to), block),
  ];
  const options = {
    cwd: directory.path,
    env: { ...sharedCode, PATH: `${directory.path}:${process.env['PATH'] ?? ''}` },
  };
  return {
    /** Waits for the exit, and returns the standard output. */
    async paste(block: string): Promise<string> {
      return (await run('sh', words(block), options)).stdout;
    },
    /** For a block that runs until it is interrupted. */
    leaveRunning: (block: string): Pasted => leaveRunning(words(block), options),
    remove: () => directory.remove(),
  };
}

/** Parses `npm [--silent] run NAME [-- ARGUMENTS]`, for the scripts of package.json that run a built program. */
function npmRun(variables: NonNullable<ShellOptions['variables']>): string {
  const cases = Object.entries(scripts).flatMap(([name, script]) => {
    const [, main] = /^exec node (?:--\S+ )*(dist\/\S+)$/.exec(script) ?? [];
    const pairs = Object.entries(variables[name] ?? {}).map((pair) => `export ${pair.join('=')};`);
    return main
      ? [
          `${name}) ${pairs.join(' ')} exec ${[process.execPath, ...quickDatabase, join(root, main)].map((word) => `'${word}'`).join(' ')} "$@";;`,
        ]
      : [];
  });
  return [
    '[ "$1" = run ] && shift; [ "$1" = --silent ] && shift; name=$1; shift; [ "$1" = -- ] && shift',
    'case $name in',
    ...cases,
    '*) echo "no script $name" >&2; exit 1;; esac',
  ].join('\n');
}

function leaveRunning(words: string[], options: { cwd: string; env: Record<string, string> }): Pasted {
  const child = spawn('sh', words, { ...options, detached: true });
  let written = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (written += part.toString()));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    output: () => written,
    exit,
    interrupt() {
      // Signals the whole process group, as a terminal does.
      if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGINT');
    },
  };
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  appHelp,
  effectiveConfig,
  exitCodes,
  ExitError,
  parseConfig,
  processEnvironment,
  Shutdown,
} from '#gatehouse/platform';
import { parseArguments } from './arguments.js';
import { startSchema } from './config.js';
import { ownEnvironment } from './own-environment.js';
import { partLogs } from './part-logs.js';
import { Progress } from './progress.js';
import { runOnce } from './run-once.js';
import { checkParts, runSystem } from './run-system.js';
import { Trouble } from './trouble.js';

/** With the round's own limit this stays within two minutes. */
const closeWithinSeconds = 10;

const about = {
  name: 'start',
  about: 'the whole system in one process, on embedded parts: no account, no Docker',
  usage: [
    'npm start                            runs until Ctrl-C',
    'npm start -- --once [--json FILE]    one unattended round for every mode on temporary data: issues a',
    '                                     credential, runs the Reminder App twice, checks the mails that arrived;',
    '                                     exit 0 when every mode works, 1 when not; FILE gets the result as JSON',
    '',
    'The parts read their own settings too: npm run todo-api -- --help, npm run reminder -- --help.',
  ],
  schema: startSchema,
};

const progress = new Progress();
const trouble = new Trouble((text) => progress.note(text));
/** Set by the first signal. */
let signalCode: number | undefined;

try {
  process.exit(await main(process.argv.slice(2)));
} catch (error) {
  process.exit(report(error));
}

async function main(args: readonly string[]): Promise<number> {
  const { help, checkConfig, once, json } = parseArguments(args);
  if (help) return say(appHelp(about));
  const config = parseConfig(startSchema, processEnvironment());
  const { environment, ignored } = ownEnvironment(processEnvironment());
  if (checkConfig) {
    checkParts(config, environment);
    const effective = JSON.stringify(effectiveConfig(startSchema, config), null, 2);
    return say(`${effective}\nConfiguration is usable.\n`);
  }
  const dataDir = once ? await mkdtemp(join(tmpdir(), 'gatehouse-')) : resolve(config.DATA_DIR);
  const logFile = join(dataDir, 'start', 'start.log');
  const logOf = partLogs(logFile, config.LOG_LEVEL, (text) => trouble.tell(text));
  const shutdown = new Shutdown(logOf('start'), closeWithinSeconds);
  closeOnSignal(shutdown);
  if (ignored.length > 0)
    progress.note(`Not used here, where the parts are given each other: ${ignored.join(', ')}`);
  const parts = { environment, progress, trouble, logOf, shutdown, screen: process.stdout };
  try {
    if (!once) return await runSystem(config, { ...parts, logFile }).then(() => exitCodes.done);
    shutdown.add('temporary data', () => rm(dataDir, { recursive: true, force: true }));
    return await runOnce({
      ...parts,
      environment: { ...environment, DATABASE_URL: undefined, DATABASE_URL_FILE: undefined },
      dataDir,
      json,
    });
  } finally {
    await shutdown.now();
    // After a signal its handler ends the process, with its code.
    if (signalCode !== undefined) await new Promise(() => undefined);
  }
}

function say(text: string): number {
  process.stdout.write(text);
  return exitCodes.done;
}

/** First signal: close everything, exit 128 + its number. Second signal: leave at once. */
function closeOnSignal(shutdown: Shutdown): void {
  const leave = (code: number) => {
    if (signalCode !== undefined) process.exit(code);
    signalCode = code;
    progress.note('\nStopping…');
    void shutdown.now().then(() => {
      progress.note('Stopped.');
      process.exit(code);
    });
  };
  process.on('SIGINT', () => leave(130));
  process.on('SIGTERM', () => leave(143));
}

function report(error: unknown): number {
  if (error instanceof ExitError) {
    process.stderr.write(`start: ${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `start: stopped by an unexpected error\n${error instanceof Error ? error.stack : String(error)}\n`,
  );
  return 1;
}

import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pino } from 'pino';
import { createLogger, type Logger, unwritable } from '#gatehouse/platform';

/** Returns the path of the log of everything that `npm start` runs. */
export const logFileIn = (dataDir: string): string => join(dataDir, 'start', 'start.log');

const keptBytes = 10 * 1024 * 1024;

/**
 * Returns loggers of the apps that run in one process: everything goes to `file` as JSON lines, warnings and errors
 * also to `warn` as a sentence, so that a terminal is not flooded. Throws an ExitError 78 when `file` cannot be
 * written.
 */
export function appLogs(file: string, level: string, warn: (text: string) => void): (app: string) => Logger {
  const everything = openLog(file);
  let last = '';
  const sentences = {
    write(line: string) {
      const text = sentence(line);
      // A repeated problem is reported once.
      if (text !== last) warn(text);
      last = text;
    },
  };
  const streams = pino.multistream([
    { level: 'trace', stream: everything },
    { level: 'warn', stream: sentences },
  ]);
  return (app) => createLogger(app, level, streams);
}

function openLog(file: string) {
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > keptBytes) renameSync(file, `${file}.1`);
    return pino.destination({ dest: file, sync: true, mode: 0o600 });
  } catch (error) {
    throw unwritable(file, error);
  }
}

function sentence(line: string): string {
  const { level, app, msg, err } = JSON.parse(line) as Record<string, string> & {
    err?: { message?: string };
  };
  const cause = err?.message && err.message !== msg ? `: ${err.message}` : '';
  // A message may quote untrusted input, and a terminal obeys control characters.
  return `! ${app} ${level}: ${msg ?? 'problem'}${cause}`.replace(/\p{Cc}/gu, ' ');
}

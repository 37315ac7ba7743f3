import type { Logger } from './logger.js';

/**
 * Returns the logger to start a Nest application with, because Nest's own writes to standard output. Nest logs at
 * start only. What it logs as an error it also throws, so the code that catches it logs it.
 */
export const nestLogger = (log: Logger) => ({
  log: () => undefined,
  warn: (message: unknown) => log.warn({ part: 'nest' }, String(message)),
  error: (message: unknown) => log.debug({ part: 'nest' }, String(message)),
});

import type { Logger } from './logger.js';

/**
 * The logger to start a Nest application with; its own writes to standard output. Nest speaks at the start only, and what
 * it calls an error it also throws, so that is logged by the code that catches it.
 */
export const nestLogger = (log: Logger) => ({
  log: () => undefined,
  warn: (message: unknown) => log.warn({ part: 'nest' }, String(message)),
  error: (message: unknown) => log.debug({ part: 'nest' }, String(message)),
});

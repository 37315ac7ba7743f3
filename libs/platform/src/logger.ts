import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger };

const secretName =
  /authorization|cookie|password|secret|api[-_]?key|(access|refresh|id|authentication)[-_]?token/i;
// A compact JWS, an API key that this project issued, and the credentials of an HTTP scheme (RFC 9110 section 11.4).
const secretText =
  /\beyJ[\w-]+\.[\w-]*\.[\w-]*|\bgatehouse_[0-9a-f]{32}_[\w-]{43,}|\b(?:Bearer|Basic)\s+[\w~+/.=-]{8,}/g;

/** Replaces credentials inside a text with `[redacted]`. */
export const redactText = (text: string): string =>
  text.includes('eyJ') || /bearer|basic|gatehouse_/i.test(text)
    ? text.replace(secretText, '[redacted]')
    : text;

/**
 * Replaces the values of fields named like secrets, and credentials inside strings. Objects below the sixth level are
 * replaced as a whole: they may hold credentials too, and one that refers to itself has no end.
 */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 5) return '[too deep]';
  if (isError(value)) return describeError(value, depth);
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      secretName.test(name) && typeof field !== 'boolean' ? '[redacted]' : redact(field, depth + 1),
    ]),
  );
}

// instanceof misses errors of another context (node:vm), the tag those of packages older than classes. The packages also
// run on Node 22, which has no Error.isError.
const isError = (value: object): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';

function describeError(error: Error, depth: number): Record<string, unknown> {
  const { code, cause, stack } = error as NodeJS.ErrnoException;
  return {
    type: error.name,
    message: redactText(error.message),
    code,
    ...(stack ? { stack: redactText(stack) } : {}),
    cause: redact(cause, depth + 1),
  };
}

/** Adds the error's message if the log call has none. Otherwise pino would log it past every formatter. */
function withMessage(args: readonly unknown[]): readonly unknown[] {
  const [first] = args;
  const error = first instanceof Error ? first : (first as { err?: unknown } | undefined)?.err;
  return args.length === 1 && error instanceof Error ? [first, error.message] : args;
}

/**
 * Creates a logger of JSON lines on stdout (or `destination`) with an ISO-8601 time and `app`. Fields named like
 * secrets and texts that look like credentials are redacted before they are written.
 */
export function createLogger(app: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { app },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: {
      level: (label: string) => ({ level: label }),
      log: (fields: Record<string, unknown>) => redact(fields) as Record<string, unknown>,
    },
    // The formatter above has already rendered errors; pino's own serializer would add their enumerable fields.
    serializers: { err: (error: unknown) => error },
    hooks: {
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: (...args: unknown[]) => void) {
        method.apply(
          this,
          withMessage(args).map((arg) => (typeof arg === 'string' ? redactText(arg) : arg)),
        );
      },
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/**
 * Returns standard output as the destination of a server that logs many requests. Lines are written in batches, at
 * most 100 ms late, at a fraction of the cost of one write each. The last batch is written when the process exits,
 * unless it is killed.
 */
export const batchedOutput = (): DestinationStream =>
  pino.destination({ fd: 1, sync: false, minLength: 4_096, periodicFlush: 100 });

type Fields = Readonly<Record<string, unknown>>;
type Write = (...args: readonly unknown[]) => void;

/** The options that our logger passes. */
interface Options {
  readonly level: string;
  readonly base: Fields;
  readonly timestamp: () => string;
  readonly formatters: { level(label: string): Fields; log(fields: Fields): Fields };
  readonly hooks: { readonly logMethod: (args: readonly unknown[], method: Write) => void };
}

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;

/** Writes JSON lines to standard output, as pino does. */
export function pino({
  level,
  base,
  timestamp,
  formatters,
  hooks,
}: Options): Readonly<Record<string, Write>> {
  const least = levels.findIndex((one) => one === level);
  const writer = (label: string): Write =>
    function write(...args) {
      const [first, message = typeof first === 'string' ? first : undefined] = args;
      const fields = first instanceof Error ? { err: first } : typeof first === 'object' ? first : {};
      const told = { ...base, ...formatters.log({ ...fields }), msg: message };
      const level = JSON.stringify(formatters.level(label)).slice(0, -1);
      process.stdout.write(`${level}${timestamp()},${JSON.stringify(told).slice(1)}\n`);
    };
  const silent: Write = () => undefined;
  return Object.fromEntries(
    levels.map((label, index) => {
      const write = writer(label);
      const method: Write = (...args) => hooks.logMethod(args, write);
      return [label, index < least || label === 'silent' ? silent : method];
    }),
  );
}

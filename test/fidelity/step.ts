/**
 * One request of the conversation. `{name}` in any text is replaced by a known value: ids chosen at the start, secrets by
 * their variable, and what earlier steps learned.
 */
export interface Step {
  /** What is asked, as the report prints it. */
  readonly title: string;
  /** Method and path. */
  readonly request: string;
  /** Name of the known value that goes raw into Authorization: an API key, or `Bearer …` spelled out. */
  readonly authorization?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly form?: Readonly<Record<string, string>>;
  /** Values to remember from the answer: the name, and where it stands, `registration.authenticationToken`. */
  readonly learn?: Readonly<Record<string, string>>;
  /** The status that FusionAuth documents. */
  readonly status: number;
}

export type Known = Readonly<Record<string, string>>;

/** A step with its answer. */
export interface Exchange {
  readonly title: string;
  /** Method and path as they were sent. */
  readonly operation: string;
  readonly status: number;
  /** JSON as parsed, another text as it is, undefined when empty. */
  readonly body: unknown;
}

const placeholder = /\{(\w+)\}/g;

/** The first name that a value mentions and that is not known. */
export function unknownName(value: unknown, known: Known): string | undefined {
  const names = [...JSON.stringify(value).matchAll(placeholder)].map(([, name = '']) => name);
  return names.find((name) => !Object.hasOwn(known, name));
}

/** Fills every `{name}` in the texts of a value; all of them must be known. */
export function filled<Value>(value: Value, known: Known): Value {
  const escaped = (text = '') => JSON.stringify(text).slice(1, -1);
  const text = JSON.stringify(value).replaceAll(placeholder, (_all, name: string) => escaped(known[name]));
  return JSON.parse(text) as Value;
}

/**
 * One request of the conversation. `{name}` in any text is replaced by a known value: ids chosen at the start, secrets
 * by their variable, and values learned from earlier steps.
 */
export interface Step {
  /** The purpose of the request, as the report prints it. */
  readonly title: string;
  /** Method and path. */
  readonly request: string;
  /** Name of the known value that is sent unchanged in Authorization: an API key, or the whole text `Bearer …`. */
  readonly authorization?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: object;
  readonly form?: Readonly<Record<string, string>>;
  /** Values to store from the answer, by name, with their path: `registration.authenticationToken`. */
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
  /** Parsed JSON, any other text unchanged, undefined when empty. */
  readonly body: unknown;
}

const placeholder = /\{(\w+)\}/g;

/** Returns the first name in a value that is not known. */
export function unknownName(value: unknown, known: Known): string | undefined {
  const names = [...JSON.stringify(value).matchAll(placeholder)].map(([, name = '']) => name);
  return names.find((name) => !Object.hasOwn(known, name));
}

/** Fills in every `{name}` in the texts of a value; all of them must be known. */
export function filled<Value>(value: Value, known: Known): Value {
  const escaped = (text = '') => JSON.stringify(text).slice(1, -1);
  const text = JSON.stringify(value).replaceAll(placeholder, (_all, name: string) => escaped(known[name]));
  return JSON.parse(text) as Value;
}

import { randomUUID } from 'node:crypto';

export type Values = Readonly<Record<string, string>>;

const placeholder = /(\\?)#\{([^}]+)\}/g;

/**
 * FusionAuth's placeholders in one text: `#{name}` of `variables`, `#{ENV.NAME}`, `#{UUID()}`; `\#{` stands for itself.
 * Throws for a name that is not known.
 */
export function substitute(text: string, variables: Values, environment: Values): string {
  if (/^[@&]\{.*\}$/.test(text)) throw new Error(`the include ${text} is not supported by the sandbox`);
  return text.replace(placeholder, (whole, escaped: string, name: string) => {
    if (escaped) return whole.slice(1);
    if (name === 'UUID()') return randomUUID();
    const values = name.startsWith('ENV.') ? environment : variables;
    const value = Object.hasOwn(values, name.replace('ENV.', ''))
      ? values[name.replace('ENV.', '')]
      : undefined;
    if (value === undefined) throw new Error(`#{${name}} is not defined`);
    return value;
  });
}

/** The same for every string inside a JSON value. */
export function substituteAll<Value>(value: Value, variables: Values, environment: Values): Value {
  const inner = (item: unknown): unknown => {
    if (typeof item === 'string') return substitute(item, variables, environment);
    if (Array.isArray(item)) return item.map(inner);
    if (typeof item !== 'object' || item === null) return item;
    return Object.fromEntries(
      Object.entries(item).map(([name, field]) => [substitute(name, variables, environment), inner(field)]),
    );
  };
  return inner(value) as Value;
}

/** Every `ENV.` name that a text mentions, once. */
export const environmentNames = (text: string): string[] => [
  ...new Set([...text.matchAll(/#\{ENV\.([^}]+)\}/g)].map(([, name]) => name ?? '')),
];

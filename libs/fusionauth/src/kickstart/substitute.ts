import { randomUUID } from 'node:crypto';

export type Values = Readonly<Record<string, string>>;

/** Matches a placeholder for a value, an included text or included JSON, with the backslashes before it. */
const placeholder = /(\\*)([#@&])\{([^}]+)\}/g;

/** Returns the file that a string includes as a whole: `@{name}` as text, `&{name}` as JSON. */
export function includeIn(
  text: string,
): { readonly kind: 'text' | 'json'; readonly name: string } | undefined {
  const [, mark, name] = /^([@&])\{([^}]+)\}$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { kind: mark === '@' ? 'text' : 'json', name };
}

/**
 * Fills FusionAuth's placeholders in a text: `#{name}` of `variables`, `#{ENV.NAME}`, `#{UUID()}`. A backslash before
 * a placeholder is removed and keeps it from being filled, also before `\@{` and `\&{`. Throws for an unknown name.
 */
export function substitute(text: string, variables: Values, environment: Values): string {
  return replaceIn(text, (name) => {
    const value = valueOf(name, variables, environment);
    if (value === undefined) throw new Error(`#{${name}} is not defined`);
    return value;
  });
}

/** Does the same in an included text, where unknown names stay, because style sheets and scripts use braces too. */
const substituteKnown = (text: string, variables: Values, environment: Values): string =>
  replaceIn(text, (name) => valueOf(name, variables, environment) ?? `#{${name}}`);

function replaceIn(text: string, valueFor: (name: string) => string): string {
  return text.replace(placeholder, (whole, escapes: string, mark: string, name: string) => {
    if (escapes !== '') return whole.slice(1);
    return mark === '#' ? valueFor(name) : whole;
  });
}

function valueOf(name: string, variables: Values, environment: Values): string | undefined {
  if (name === 'UUID()') return randomUUID();
  const inEnvironment = name.startsWith('ENV.');
  const [values, key] = inEnvironment ? [environment, name.slice('ENV.'.length)] : [variables, name];
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** Applies {@link substitute} to every string inside a JSON value; `included` returns the text of an `@{name}`. */
export function substituteAll<Value>(
  value: Value,
  variables: Values,
  environment: Values,
  included: (name: string) => string = unknownInclude,
): Value {
  const fill = (text: string): string => {
    const include = includeIn(text);
    if (include?.kind === 'text') return substituteKnown(included(include.name), variables, environment);
    return substitute(text, variables, environment);
  };
  const inner = (item: unknown): unknown => {
    if (typeof item === 'string') return fill(item);
    if (Array.isArray(item)) return item.map(inner);
    if (typeof item !== 'object' || item === null) return item;
    const entries = Object.entries(item).map(([name, field]): [string, unknown] => [
      substitute(name, variables, environment),
      inner(field),
    ]);
    return Object.fromEntries(entries);
  };
  return inner(value) as Value;
}

function unknownInclude(name: string): never {
  throw new Error(`@{${name}} cannot include a file here`);
}

/** Returns the names in every `#{name}` of a text, without escaped ones. */
export const placeholderNames = (text: string): string[] =>
  [...text.matchAll(placeholder)].flatMap(([, escapes, mark, name = '']) =>
    escapes === '' && mark === '#' ? [name] : [],
  );

/** Returns every `ENV.` name in a text, once. */
export const environmentNames = (text: string): string[] => [
  ...new Set(
    placeholderNames(text).flatMap((name) => (name.startsWith('ENV.') ? [name.slice('ENV.'.length)] : [])),
  ),
];

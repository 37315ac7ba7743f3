import { randomUUID } from 'node:crypto';

export type Values = Readonly<Record<string, string>>;

/** A placeholder for a value, an included text or included JSON, and the backslashes before it. */
const placeholder = /(\\*)([#@&])\{([^}]+)\}/g;

/** The file that a string stands for as a whole: `@{name}`, a text, or `&{name}`, JSON. */
export function includeIn(
  text: string,
): { readonly kind: 'text' | 'json'; readonly name: string } | undefined {
  const [, mark, name] = /^([@&])\{([^}]+)\}$/.exec(text) ?? [];
  if (name === undefined) return undefined;
  return { kind: mark === '@' ? 'text' : 'json', name };
}

/**
 * FusionAuth's placeholders in one text: `#{name}` of `variables`, `#{ENV.NAME}`, `#{UUID()}`. A backslash before one goes
 * away and leaves it as it stands; that includes `\@{` and `\&{`. Throws for a name that is not known.
 */
export function substitute(text: string, variables: Values, environment: Values): string {
  return replaceIn(text, (name) => {
    const value = valueOf(name, variables, environment);
    if (value === undefined) throw new Error(`#{${name}} is not defined`);
    return value;
  });
}

/** The same in a text that was included: unknown names stay, because style sheets and scripts use braces too. */
export const substituteKnown = (text: string, variables: Values, environment: Values): string =>
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

/** {@link substitute} for every string inside a JSON value; `included` gives the text for an `@{name}`. */
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
  throw new Error(`@{${name}} names no file here`);
}

/** The names in every `#{name}` of a text; one behind a backslash is only written about. */
export const placeholderNames = (text: string): string[] =>
  [...text.matchAll(placeholder)].flatMap(([, escapes, mark, name = '']) =>
    escapes === '' && mark === '#' ? [name] : [],
  );

/** Every `ENV.` name that a text asks for, once. */
export const environmentNames = (text: string): string[] => [
  ...new Set(
    placeholderNames(text).flatMap((name) => (name.startsWith('ENV.') ? [name.slice('ENV.'.length)] : [])),
  ),
];

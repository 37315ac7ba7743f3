import { invalidField } from './answer.js';
import { booleans, numbers } from './member-types.js';

/** Members with content of the caller's own, which is not converted. */
const free = new Set(['additionalClaims', 'attributes', 'claims', 'data', 'headers']);

const uuid = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
const idName = /^ids?$|Ids?$|_id$/;

/** Returns a UUID in lower case, the form in which ids are stored; any other text unchanged. */
export const inOneCase = (text: string): string => (uuid.test(text) ? text.toLowerCase() : text);

/**
 * Converts a JSON body as FusionAuth does: the texts `"true"`, `"false"` and quoted numbers become booleans and numbers
 * where the field is one, and ids become lower case. Throws 400 for any other value in such a field.
 */
export function convertBody(value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map((item, index) => convertBody(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, field]) => [
    inOneCase(name),
    member(name, field, path === '' ? name : `${path}.${name}`),
  ]);
  return Object.fromEntries(entries) as unknown;
}

function member(name: string, value: unknown, path: string): unknown {
  if (free.has(name)) return value;
  if (name === 'eventsEnabled' && typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([event, on]) => [event, asBoolean(on, path)]));
  if (booleans.has(name)) return asBoolean(value, path);
  if (numbers.has(name)) return asNumber(value, path);
  if (!idName.test(name)) return convertBody(value, path);
  if (typeof value === 'string') return inOneCase(value);
  return Array.isArray(value)
    ? value.map((item: unknown) => (typeof item === 'string' ? inOneCase(item) : convertBody(item, path)))
    : convertBody(value, path);
}

function asBoolean(value: unknown, path: string): unknown {
  if (value === 'true' || value === 'false') return value === 'true';
  if (typeof value === 'boolean' || value === null) return value;
  throw invalidField(path, 'couldNotConvert', `The [${path}] property must be a boolean.`);
}

function asNumber(value: unknown, path: string): unknown {
  if (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (typeof value === 'number' || value === null) return value;
  throw invalidField(path, 'couldNotConvert', `The [${path}] property must be a number.`);
}

/**
 * Removes null members from JSON: they mean nothing in a whole document, while a PATCH removes the fields that they
 * name.
 */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(entries.map(([name, field]) => [name, withoutNulls(field)]));
}

/** Returns the fields of a query or a form, with their ids in lower case. */
export function idsInOneCase(fields: URLSearchParams): URLSearchParams {
  return new URLSearchParams(
    [...fields].map(([name, value]): [string, string] => [
      name,
      idName.test(name) ? inOneCase(value) : value,
    ]),
  );
}

import { z } from 'zod';
import { invalidField, invalidRequest, notImplemented } from './answer.js';
import type { ApiRequest } from './instance.js';

const mergePatch = 'application/merge-patch+json';
const jsonPatch = 'application/json-patch+json';

/** The media types of a JSON body. */
export const jsonTypes = ['application/json', mergePatch, jsonPatch];

/** Parses the JSON body by `schema`. Throws 400 that names the first wrong field, 501 for JSON Patch. */
export function readBody<Schema extends z.ZodType>(
  { json, mediaType }: ApiRequest,
  schema: Schema,
): z.output<Schema> {
  if (mediaType === jsonPatch) throw notImplemented(`PATCH with ${jsonPatch}`);
  return check(schema, json);
}

/** Parses a value made from a body by `schema`, with the same refusals as `readBody`. */
export function check<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = pathOf(issue?.path ?? []);
  if (path === '') throw invalidRequest('invalidJSON', 'The request needs a JSON object as its body.');
  const blank = issue?.code === 'invalid_type' && issue.input === undefined;
  throw invalidField(path, blank ? 'blank' : 'invalid', issue?.message ?? 'is invalid');
}

/** `application.roles[0].name`, for example. */
const pathOf = (parts: readonly PropertyKey[]): string =>
  parts
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);

/** Returns the id in the path, in lower case; undefined when there is none. Throws 400 when it is not a UUID. */
export function idParam({ params }: ApiRequest, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === '') return undefined;
  if (!z.guid().safeParse(value).success)
    throw invalidField(name, 'couldNotConvert', 'The id is not a UUID.');
  return value.toLowerCase();
}

/**
 * Reads the member `name` of a body, an object of any form, and parses what `change` makes of it by `schema`. Throws
 * 400.
 */
export function readMember<Schema extends z.ZodType>(
  request: ApiRequest,
  schema: Schema,
  name: string,
  change: (sent: object) => object,
): z.output<Schema> {
  const { [name]: sent } = readBody(request, z.looseObject({ [name]: z.looseObject({}) }));
  return check(schema, { [name]: change(sent as object) });
}

/** Returns the whole body that the body of a PATCH makes of `existing`, which has the member `name`. Throws 400. */
export const readPatch = <Schema extends z.ZodType>(
  request: ApiRequest,
  schema: Schema,
  name: string,
  existing: object,
): z.output<Schema> => readMember(request, schema, name, (sent) => applyPatch(existing, sent, request));

/**
 * Returns `target` after a PATCH. `application/merge-patch+json` follows RFC 7396; `application/json` does too, except
 * that it appends to arrays, which is FusionAuth's documented limitation.
 */
export function applyPatch(target: object, patch: object, { mediaType }: ApiRequest): object {
  return merge(target, patch, mediaType !== mergePatch);
}

function merge(target: object, patch: object, append: boolean): object {
  const merged = new Map<string, unknown>(Object.entries(target));
  for (const [name, value] of Object.entries(patch) as [string, unknown][]) {
    const before = merged.get(name);
    if (value === null) merged.delete(name);
    else if (Array.isArray(value)) merged.set(name, append ? appended(name, before, value) : value);
    else merged.set(name, isObject(value) ? merge(isObject(before) ? before : {}, value, append) : value);
  }
  return Object.fromEntries(merged);
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Lists that are sets in FusionAuth. */
const sets: readonly string[] = ['enabledGrants', 'permissions', 'roleIds', 'roles'];

/** Returns a list with others appended; one that is not a set keeps duplicates (fusionauth-issues 441). */
function appended(name: string, before: unknown, added: readonly unknown[]): unknown[] {
  const all = [...(Array.isArray(before) ? (before as unknown[]) : []), ...added];
  return sets.includes(name) ? [...new Set(all)] : all;
}

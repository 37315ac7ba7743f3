import { z } from 'zod';
import { invalidField, invalidRequest, notImplemented } from './errors.js';
import type { Call } from './world.js';

/** The JSON body by `schema`. Throws 400 that names the first wrong field. */
export function readBody<Schema extends z.ZodType>({ json }: Call, schema: Schema): z.output<Schema> {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join('.') ?? '';
  if (path === '') throw invalidRequest('invalidJSON', 'The request needs a JSON object as its body.');
  const blank = issue?.code === 'invalid_type' && issue.input === undefined;
  throw invalidField(path, blank ? 'blank' : 'invalid', issue?.message ?? 'is invalid');
}

/** The id in the path, in lower case; undefined when there is none. Throws 400 when it is no UUID. */
export function idParam({ params }: Call, name: string): string | undefined {
  const value = params[name];
  if (value === undefined || value === '') return undefined;
  if (!z.guid().safeParse(value).success)
    throw invalidField(name, 'couldNotConvert', 'The id is not a UUID.');
  return value.toLowerCase();
}

/**
 * What a PATCH leaves of `target`. With `application/merge-patch+json` by RFC 7396; with `application/json` the same
 * except that arrays are appended to, which is FusionAuth's documented limitation. Throws 501 for JSON Patch.
 */
export function patched<Target extends object>(target: Target, patch: unknown, { mediaType }: Call): Target {
  if (mediaType.includes('json-patch')) throw notImplemented('PATCH with application/json-patch+json');
  return merge(target, patch, mediaType !== 'application/merge-patch+json') as Target;
}

function merge(target: unknown, patch: unknown, append: boolean): unknown {
  if (Array.isArray(patch))
    return append && Array.isArray(target) ? [...new Set([...target, ...patch])] : patch;
  if (typeof patch !== 'object' || patch === null) return patch;
  const merged = new Map(Object.entries(typeof target === 'object' && target !== null ? target : {}));
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, merge(merged.get(name), value, append));
  }
  return Object.fromEntries(merged);
}

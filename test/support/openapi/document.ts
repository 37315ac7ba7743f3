import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { documented } from './documented-operations.js';

/** The subset of JSON Schema that the document uses. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  pattern?: string;
  enum?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  items?: Schema;
}

export interface Response {
  description: string;
  content?: Record<string, { schema: Schema }>;
}

export interface DocumentedOperation {
  operationId: string;
  responses: Record<string, Response>;
  requestBody?: { content: Record<string, { schema: Schema }> };
}

export interface Document {
  paths: Record<string, Record<string, DocumentedOperation>>;
  components: { schemas: Record<string, Schema> };
}

const text = readFileSync(join(import.meta.dirname, 'fusionauth-1.69.0.yaml'), 'utf8');
const original = parse(text) as Document;

/** FusionAuth's own description of its API, version 1.69.0, as published; a copy that may be changed. */
export const openApiDocument = (): Document => structuredClone(original);

export interface FoundOperation {
  /** The path as the document writes it, such as `/api/user/{userId}`. */
  readonly path: string;
  readonly method: string;
  readonly documented: DocumentedOperation;
}

/** Returns the operation of `GET /api/user/42`, method and path with or without a query; undefined if there is none. */
export function findOperation({ paths }: Document, operation: string): FoundOperation | undefined {
  const [method = '', target = ''] = operation.split(' ');
  // The official client ends a path with a slash if it omits the id.
  const segments = (target.split('?')[0] ?? '').replace(/\/$/, '').split('/');
  const [found] = Object.entries(paths)
    .filter(([path, methods]) => method.toLowerCase() in methods && matches(path.split('/'), segments))
    .sort(([left], [right]) => left.split('{').length - right.split('{').length);
  if (!found) return undefined;
  const [path, methods] = found;
  return { path, method: method.toLowerCase(), documented: methods[method.toLowerCase()]! };
}

const matches = (template: readonly string[], segments: readonly string[]) =>
  template.length === segments.length &&
  template.every((part, index) =>
    part.startsWith('{') ? !fixedWords.has(segments[index]!) : part === segments[index],
  );

/** Path segments that are not an ID although another path has one there: `search` in `/api/webhook/search` for example. */
const fixedWords: ReadonlySet<string> = new Set([
  '',
  ...Object.keys(documented).flatMap((path) => path.split('/')),
]);

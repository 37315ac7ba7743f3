import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { JsonSchema } from 'json-schema-faker';

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly schema: JsonSchema;
}

type Content = Readonly<Record<string, { readonly schema: JsonSchema }>>;

interface Response {
  readonly $ref?: string;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: JsonSchema }>>;
  readonly content?: Content;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
}

export interface DocumentedOperation extends Operation {
  /** `/todos/{id}` for example. */
  readonly template: string;
  /** In upper case. */
  readonly method: string;
}

export interface FuzzAnswer {
  readonly status: number;
  /** By name in lower case; repeated headers are joined. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** The API's own description: its operations, and a check of answers against it. */
export interface ApiDocument {
  readonly operations: readonly DocumentedOperation[];
  /** Returns the schema, resolving a reference to a component. */
  resolve(schema: JsonSchema): JsonSchema;
  /** Returns the problems of an answer, as sentences; empty when it matches the description. */
  problemsOf(method: string, path: string, answer: FuzzAnswer): readonly string[];
}

interface RawDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const problemType = 'application/problem+json';

export function apiDocument(json: unknown): ApiDocument {
  const document = json as RawDocument;
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.entries(methods).map(([method, one]) => ({ ...one, template, method: method.toUpperCase() })),
  );
  const check = checker(document);
  const described = (response: Response | undefined) => resolved(document, response);
  return {
    operations,
    resolve: (schema) => resolved(document, schema),
    problemsOf(method, path, answer) {
      const here = operations.filter(({ template }) => matches(template, path));
      // The framework answers HEAD as it does GET (RFC 9110 section 9.3.2); the description does not repeat it.
      const operation = here.find((one) => one.method === (method === 'HEAD' ? 'GET' : method));
      if (operation)
        return compare(answer, method, described(operation.responses[String(answer.status)]), check);
      // A request that is not described must be refused, for any reason. The pages for people, at the root and of the
      // description, are not described.
      if (answer.status < 400) return /^\/(?:docs|[?]|$)/.test(path) ? [] : ['nothing is documented there'];
      return compare(answer, method, described({ $ref: '#/components/responses/Refused400' }), check);
    },
  };
}

/** Resolves a reference to a component; returns anything else unchanged. */
function resolved<T>(document: object, one: T): T {
  const { $ref } = (one ?? {}) as { $ref?: string };
  if ($ref === undefined) return one;
  return $ref
    .split('/')
    .slice(1)
    .reduce<any>((at, key) => at?.[key], document) as T; // eslint-disable-line @typescript-eslint/no-explicit-any -- a walk through a document of any shape
}

const matches = (template: string, path: string): boolean => {
  const given = (path.split('?', 1)[0] ?? '').split('/');
  const wanted = template.split('/');
  return (
    wanted.length === given.length && wanted.every((part, at) => part.startsWith('{') || part === given[at])
  );
};

type Check = (schema: JsonSchema, value: unknown) => readonly string[];

function checker(document: object): Check {
  const ajv = formats.default(new Ajv2020({ strict: false, allErrors: true }));
  ajv.addSchema({ ...document, $id: 'api' });
  const compiled = new Map<JsonSchema, ValidateFunction>();
  return (schema, value) => {
    const absolute = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object;
    const validate = compiled.get(schema) ?? ajv.compile(absolute);
    compiled.set(schema, validate);
    return validate(value) ? [] : [ajv.errorsText(validate.errors)];
  };
}

function compare(
  answer: FuzzAnswer,
  method: string,
  described: Response | undefined,
  check: Check,
): string[] {
  if (!described) return [`${answer.status} is not documented`];
  const headers = Object.entries(described.headers ?? {}).flatMap(([name, { required, schema }]) => {
    const given = answer.headers[name.toLowerCase()];
    if (given !== undefined) return check(schema, given).map((wrong) => `the header ${name}: ${wrong}`);
    return required ? [`the header ${name} is missing`] : [];
  });
  return [...headers, ...(method === 'HEAD' ? [] : bodyProblems(answer, described.content, check))];
}

function bodyProblems(
  { status, headers, body }: FuzzAnswer,
  content: Content | undefined,
  check: Check,
): string[] {
  const [type, described] = Object.entries(content ?? {})[0] ?? [];
  if (type === undefined || !described) return body === '' ? [] : ['there is a body'];
  const given = headers['content-type']?.split(';')[0];
  if (given !== type) return [`the content type is ${given}, not ${type}`];
  const value = parse(body) as { status?: unknown } | undefined;
  if (value === undefined) return ['the body is not JSON'];
  const lies = type === problemType && value.status !== status;
  return [...check(described.schema, value), ...(lies ? ['the status in the body is another'] : [])];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { Ajv, type ValidateFunction } from 'ajv';
import formats from 'ajv-formats';
import { discrepancies, type Discrepancy } from './discrepancies.js';
import { type Document, findOperation, openApiDocument, type Schema } from './document.js';

/** A response as it came over the wire. */
export interface Answer {
  /** Method and path: `GET /api/user/42`. */
  readonly operation: string;
  readonly status: number;
  /** JSON as parsed, a page as text, and undefined or '' if the body is empty. */
  readonly body: unknown;
}

export interface OpenApi {
  /** Tells whether the document has this operation: method and path. */
  has(operation: string): boolean;
  /** Returns the faults of an answer as sentences; empty if it is as documented. */
  problemsOf(answer: Answer): readonly string[];
  /** Returns the faults of the JSON body of a request. */
  problemsOfRequest(operation: string, body: unknown): readonly string[];
}

/** Validates against FusionAuth's document, corrected by the discrepancies; validators are compiled on demand. */
export function openApi(corrections: readonly Discrepancy[] = discrepancies): OpenApi {
  const document = openApiDocument();
  for (const { correct } of corrections) correct(document);
  const check = compiler(document);
  return {
    has: (operation) => findOperation(document, operation) !== undefined,
    problemsOf: (answer) => problemsOf(answer, document, check),
    problemsOfRequest(operation, body) {
      const schema = findOperation(document, operation)?.documented.requestBody?.content['application/json'];
      return schema ? check(schema.schema, body) : [`${operation} takes no JSON by the document`];
    },
  };
}

type Check = (schema: Schema, value: unknown) => readonly string[];

function compiler({ components }: Document): Check {
  const ajv = formats.default(new Ajv({ allErrors: true, strictTypes: false, validateSchema: false }), [
    'uuid',
    'int64',
    'double',
  ]);
  ajv.addVocabulary(['example']);
  for (const name of ['URI', 'binary']) ajv.addFormat(name, true);
  for (const [name, schema] of Object.entries(components.schemas)) ajv.addSchema(prepared(schema), name);
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema, value) => {
    const validate = compiled.get(schema) ?? ajv.compile(prepared(schema));
    compiled.set(schema, validate);
    return validate(value) ? [] : sentences(validate);
  };
}

/**
 * Makes undeclared members an error: otherwise almost any response would match, because the document requires
 * nothing. References become the names under which the validator knows the components.
 */
function prepared({ $ref, properties, additionalProperties, items, ...rest }: Schema): Schema {
  const open = additionalProperties ?? (properties ? false : undefined);
  return {
    ...rest,
    ...($ref === undefined ? {} : { $ref: $ref.replace('#/components/schemas/', '') }),
    ...(properties
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, one]) => [name, prepared(one)]),
          ),
        }
      : {}),
    ...(open === undefined ? {} : { additionalProperties: typeof open === 'object' ? prepared(open) : open }),
    ...(items ? { items: prepared(items) } : {}),
  };
}

const sentences = ({ errors }: ValidateFunction): string[] =>
  (errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${instancePath || 'the body'} ${message}${'additionalProperty' in params ? `: ${params['additionalProperty']}` : ''}`,
  );

function problemsOf(
  { operation, status, body }: Answer,
  document: Document,
  check: Check,
): readonly string[] {
  const found = findOperation(document, operation);
  if (!found) return ['the document has no such operation'];
  const { responses } = found.documented;
  const content = (responses[String(status)] ?? responses['default'])?.content;
  if (body === undefined || body === '') return content ? ['the body is empty'] : [];
  const described = content?.[typeof body === 'string' ? 'text/html' : 'application/json'];
  return described ? check(described.schema, body) : [`there is a ${typeof body} where none is documented`];
}

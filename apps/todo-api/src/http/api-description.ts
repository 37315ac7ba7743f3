import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import type { Authenticator } from '#gatehouse/auth';
import {
  defaultPage,
  maxPage,
  meSchema,
  newTodoSchema,
  todoPageSchema,
  todoPatchSchema,
  todoQuerySchema,
  todoSchema,
} from '#gatehouse/todo-contract';
import { completeAnswers, operationsOf, refusals } from './described-answers.js';
import { describeWebhook } from './described-webhook.js';

type Components = NonNullable<OpenAPIObject['components']>;
type Responses = Exclude<Components['responses'], undefined>;
type SecuritySchemes = Exclude<Components['securitySchemes'], undefined>;

/** Schemas with their names in the description. */
const names = z.registry<{ id: string }>();
names.add(todoSchema, { id: 'Todo' });
names.add(todoPageSchema, { id: 'TodoPage' });
names.add(newTodoSchema, { id: 'NewTodo' });
names.add(todoPatchSchema, { id: 'TodoPatch' });
names.add(meSchema, { id: 'Me' });

const text = (description: string) => ({ type: 'string', description });

/** The schema of a problem (RFC 9457). */
const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  additionalProperties: false,
  properties: {
    type: text('Where the code is documented'),
    title: text('The status in words'),
    status: { type: 'integer' },
    detail: text('What is wrong and what to do'),
    code: text('Stable; programs base decisions on it'),
    requestId: text('Identifies the request in the log of the API'),
    errors: {
      type: 'array',
      description: 'Every invalid field',
      items: {
        type: 'object',
        required: ['path', 'message'],
        additionalProperties: false,
        properties: { path: text('For example body.dueAt'), message: text('What is wrong') },
      },
    },
  },
};

export interface Described {
  readonly authenticator: Authenticator;
  /** The URL that paths are relative to; empty for the place that the description was read from. */
  readonly url: string;
}

/** Returns the OpenAPI 3.1 description of the routes of `app`, with the security schemes of the enabled strategies. */
export function describeApi(app: NestFastifyApplication, { authenticator, url }: Described): OpenAPIObject {
  const about = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Todo API')
    .setDescription('Todos with owners, for clients that FusionAuth authenticates.')
    .setVersion('1')
    .addServer(url || '/')
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    standardSchemaConverter: (schema, { schemaType }) => jsonSchemaOf(schema as z.ZodType, schemaType),
  });
  const webhook = authenticator.receiveWebhook ? describeWebhook() : { paths: {}, securitySchemes: {} };
  Object.assign(document.paths, webhook.paths);
  const { schemas } = document.components ?? {};
  document.components = {
    schemas: { ...schemas, Problem: problem },
    responses: refusals as object as Responses,
    securitySchemes: {
      ...authenticator.securitySchemes,
      ...webhook.securitySchemes,
    } as object as SecuritySchemes,
  };
  document.security = authenticator.strategies.map((name) => ({ [name]: [] }));
  for (const operation of Object.values(document.paths).flatMap(operationsOf)) completeAnswers(operation);
  return document;
}

/** Converts a schema; a named one becomes a reference to its entry among the components. */
function jsonSchemaOf(schema: z.ZodType, io: 'input' | 'output') {
  const options = { io, metadata: names, unrepresentable: 'any', override: readable } as const;
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, options);
  const id = names.get(schema)?.id;
  if (id === undefined) return { schema: own, components: $defs };
  // zod already moves a named schema into $defs if something inside refers to it.
  return { schema: { $ref: `#/$defs/${id}` }, components: { [id]: own, ...$defs } };
}

/** Simplifies the schema: a format makes zod's long pattern redundant, and a number in a query is text only to zod. */
function readable({
  zodSchema,
  jsonSchema,
}: {
  zodSchema: unknown;
  jsonSchema: Record<string, unknown>;
}): void {
  if (jsonSchema['format'] !== undefined) delete jsonSchema['pattern'];
  if (zodSchema !== todoQuerySchema.shape.limit) return;
  delete jsonSchema['pattern'];
  Object.assign(jsonSchema, { type: 'integer', minimum: 1, maximum: maxPage, default: defaultPage });
}

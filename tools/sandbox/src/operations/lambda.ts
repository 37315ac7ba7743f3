import { randomUUID } from 'node:crypto';
import { Script } from 'node:vm';
import { z } from 'zod';
import { type Answer, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { LambdaRecord } from '../state/state.js';
import type { LambdaBody } from '../wire.js';

const fields = z.looseObject({
  name: z.string().min(1),
  body: z.string().refine(isScript, 'is not JavaScript'),
  // The only type that the sandbox runs.
  type: z.literal('JWTPopulate'),
  debug: z.boolean().default(false),
});
const requestBody = z.looseObject({ lambda: fields });
const patchRequest = z.looseObject({ lambda: z.looseObject({}) });

/** `POST /api/lambda[/{lambdaId}]`. */
export function createLambda(request: ApiRequest, instance: Instance): Answer {
  const id = idParam(request, 'lambdaId') ?? randomUUID();
  if (instance.state.lambdas.has(id)) throw invalidField('lambdaId', 'duplicate', 'This lambda exists.');
  const { name, body, type, debug } = readBody(request, requestBody).lambda;
  return store(instance, { id, name, body, type, debug, insertInstant: instance.now() });
}

/** `GET /api/lambda/{lambdaId}`. */
export const retrieveLambda = (request: ApiRequest, instance: Instance): Answer =>
  ok({ lambda: existingLambda(request, instance) } satisfies LambdaBody);

/** `PATCH /api/lambda/{lambdaId}`. */
export function patchLambda(request: ApiRequest, instance: Instance): Answer {
  const { id, insertInstant, ...existing } = existingLambda(request, instance);
  const lambda = patched(existing, readBody(request, patchRequest).lambda, request);
  const { name, body, type, debug } = check(requestBody, { lambda }).lambda;
  return store(instance, { id, name, body, type, debug, insertInstant });
}

function store(instance: Instance, fields: Omit<LambdaRecord, 'engineType' | 'lastUpdateInstant'>): Answer {
  const lambda = { ...fields, engineType: 'GraalJS' as const, lastUpdateInstant: instance.now() };
  instance.state.lambdas.set(lambda.id, lambda);
  return ok({ lambda } satisfies LambdaBody);
}

function existingLambda(request: ApiRequest, { state }: Instance): LambdaRecord {
  const lambda = state.lambdas.get(idParam(request, 'lambdaId') ?? '');
  if (!lambda) throw notFound();
  return lambda;
}

function isScript(body: string): boolean {
  try {
    new Script(body);
    return true;
  } catch {
    return false;
  }
}

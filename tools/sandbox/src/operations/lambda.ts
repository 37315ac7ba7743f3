import { randomUUID } from 'node:crypto';
import { Script } from 'node:vm';
import { z } from 'zod';
import { type Answer, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { LambdaRecord } from '../state/state.js';
import type { LambdaBody } from '../wire.js';
import type { Call, World } from '../world.js';

const fields = z.looseObject({
  name: z.string().min(1),
  body: z.string().refine(isScript, 'is not JavaScript'),
  // The only type that the sandbox runs.
  type: z.literal('JWTPopulate'),
  debug: z.boolean().default(false),
});
const request = z.looseObject({ lambda: fields });
const patchRequest = z.looseObject({ lambda: z.looseObject({}) });

/** `POST /api/lambda[/{lambdaId}]`. */
export function createLambda(call: Call, world: World): Answer {
  const id = idParam(call, 'lambdaId') ?? randomUUID();
  if (world.state.lambdas.has(id)) throw invalidField('lambdaId', 'duplicate', 'This lambda exists.');
  const { name, body, type, debug } = readBody(call, request).lambda;
  return store(world, { id, name, body, type, debug, insertInstant: world.now() });
}

/** `GET /api/lambda/{lambdaId}`. */
export const retrieveLambda = (call: Call, world: World): Answer =>
  ok({ lambda: existingLambda(call, world) } satisfies LambdaBody);

/** `PATCH /api/lambda/{lambdaId}`. */
export function patchLambda(call: Call, world: World): Answer {
  const { id, insertInstant, ...existing } = existingLambda(call, world);
  const lambda = patched(existing, readBody(call, patchRequest).lambda, call);
  const { name, body, type, debug } = check(request, { lambda }).lambda;
  return store(world, { id, name, body, type, debug, insertInstant });
}

function store(world: World, fields: Omit<LambdaRecord, 'engineType' | 'lastUpdateInstant'>): Answer {
  const lambda = { ...fields, engineType: 'GraalJS' as const, lastUpdateInstant: world.now() };
  world.state.lambdas.set(lambda.id, lambda);
  return ok({ lambda } satisfies LambdaBody);
}

function existingLambda(call: Call, { state }: World): LambdaRecord {
  const lambda = state.lambdas.get(idParam(call, 'lambdaId') ?? '');
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

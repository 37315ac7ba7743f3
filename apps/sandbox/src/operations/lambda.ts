import { randomUUID } from 'node:crypto';
import { Script } from 'node:vm';
import { z } from 'zod';
import { ok, type Answer } from '../answer.js';
import { idParam, readBody } from '../body.js';
import { invalidField } from '../errors.js';
import type { LambdaBody } from '../wire.js';
import type { Call, World } from '../world.js';

const request = z.looseObject({
  lambda: z.looseObject({
    name: z.string().min(1),
    body: z.string().refine(isScript, 'is not JavaScript'),
    // The only type that the sandbox runs.
    type: z.literal('JWTPopulate'),
    debug: z.boolean().default(false),
  }),
});

/** `POST /api/lambda[/{lambdaId}]`. */
export function createLambda(call: Call, world: World): Answer {
  const id = idParam(call, 'lambdaId') ?? randomUUID();
  if (world.state.lambdas.has(id)) throw invalidField('lambdaId', 'duplicate', 'This lambda exists.');
  const { name, body, type, debug } = readBody(call, request).lambda;
  const now = world.now();
  const engineType = 'GraalJS' as const;
  const lambda = { id, name, body, type, debug, engineType, insertInstant: now, lastUpdateInstant: now };
  world.state.lambdas.set(id, lambda);
  return ok({ lambda } satisfies LambdaBody);
}

function isScript(body: string): boolean {
  try {
    new Script(body);
    return true;
  } catch {
    return false;
  }
}

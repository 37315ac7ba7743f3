import { Script } from 'node:vm';
import { z } from 'zod';
import { type Answer, empty, invalidField, ok } from '../answer.js';
import { idParam, readBody, readMember, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { newId, requireRecord } from '../records.js';
import { searchRecords } from '../search.js';
import type { LambdaRecord } from '../state/state.js';
import type { LambdaBody } from '../wire.js';
import { operationsOn } from './operation.js';

/** The only type that the sandbox runs; lambdas of other types are stored without effect. */
export const runType = 'JWTPopulate';
const types = [
  runType,
  'AppleReconcile',
  'ClientCredentialsJWTPopulate',
  'EpicGamesReconcile',
  'ExternalJWTReconcile',
  'FacebookReconcile',
  'GoogleReconcile',
  'HYPRReconcile',
  'LDAPConnectorReconcile',
  'LinkedInReconcile',
  'LoginValidation',
  'MFARequirement',
  'NintendoReconcile',
  'OpenIDReconcile',
  'SAMLv2Populate',
  'SAMLv2Reconcile',
  'SCIMServerGroupRequestConverter',
  'SCIMServerGroupResponseConverter',
  'SCIMServerUserRequestConverter',
  'SCIMServerUserResponseConverter',
  'SelfServiceRegistrationValidation',
  'SonyPSNReconcile',
  'SteamReconcile',
  'TwitchReconcile',
  'TwitterReconcile',
  'UserInfoPopulate',
  'XboxReconcile',
] as const;

const fields = z.looseObject({
  name: z.string().min(1),
  body: z.string().refine(isScript, 'is not JavaScript'),
  type: z.enum(types),
  debug: z.boolean().default(false),
});
const requestBody = z.looseObject({ lambda: fields });

/** `POST /api/lambda[/{lambdaId}]`. */
function createLambda(request: ApiRequest, instance: Instance): Answer {
  const id = newId(request, 'lambdaId', instance.state.lambdas);
  return store(instance, id, readBody(request, requestBody).lambda, instance.now());
}

/** `GET /api/lambda/{lambdaId}`; without an id all, or with `?type=` those of one type. */
function retrieveLambda(request: ApiRequest, instance: Instance): Answer {
  if (idParam(request, 'lambdaId') !== undefined)
    return ok({ lambda: existingLambda(request, instance) } satisfies LambdaBody);
  const wanted = request.query.get('type');
  const lambdas = [...instance.state.lambdas.values()].filter(({ type }) => (wanted ?? type) === type);
  return ok({ lambdas } satisfies LambdaBody);
}

/** `POST` and `GET /api/lambda/search`. */
function searchLambdas(request: ApiRequest, { state }: Instance): Answer {
  const { page, total } = searchRecords(request, [...state.lambdas.values()], ['body', 'name', 'type']);
  return ok({ lambdas: page, total });
}

/** `PUT /api/lambda/{lambdaId}`: replaces all but the type. */
function updateLambda(request: ApiRequest, instance: Instance): Answer {
  const { id, type, insertInstant } = existingLambda(request, instance);
  const { lambda } = readMember(request, requestBody, 'lambda', (sent) => ({ type, ...sent }));
  return store(instance, id, { ...lambda, type: type as Wanted['type'] }, insertInstant);
}

/** `PATCH /api/lambda/{lambdaId}`. */
function patchLambda(request: ApiRequest, instance: Instance): Answer {
  const existing = existingLambda(request, instance);
  const { lambda } = readPatch(request, requestBody, 'lambda', existing);
  return store(instance, existing.id, lambda, existing.insertInstant);
}

/** `DELETE /api/lambda/{lambdaId}`: refused while something runs it. */
function deleteLambda(request: ApiRequest, instance: Instance): Answer {
  const { applications, tenants, lambdas } = instance.state;
  const { id } = existingLambda(request, instance);
  const users = [...applications.values(), ...tenants.values()];
  if (users.some(({ lambdaConfiguration = {} }) => Object.values(lambdaConfiguration).includes(id)))
    throw invalidField('lambdaId', 'inUse', 'Something is set up to run this lambda.');
  lambdas.delete(id);
  return empty(200);
}

type Wanted = z.output<typeof fields>;

function store(
  instance: Instance,
  id: string,
  { name, body, type, debug }: Wanted,
  insertInstant: number | undefined,
): Answer {
  const times = { insertInstant, lastUpdateInstant: instance.now() };
  const lambda: LambdaRecord = { id, name, body, type, debug, engineType: 'GraalJS', ...times };
  instance.state.lambdas.set(id, lambda);
  return ok({ lambda } satisfies LambdaBody);
}

const existingLambda = (request: ApiRequest, { state }: Instance): LambdaRecord =>
  requireRecord(request, 'lambdaId', state.lambdas);

function isScript(body: string): boolean {
  try {
    new Script(body);
    return true;
  } catch {
    return false;
  }
}

export const lambdaOperations = operationsOn('/api/lambda', 'lambdaId', 'global-api-key', {
  create: createLambda,
  retrieve: retrieveLambda,
  search: searchLambdas,
  update: updateLambda,
  patch: patchLambda,
  remove: deleteLambda,
});

import { Script } from 'node:vm';
import { z } from 'zod';
import { invalidField } from '../answer.js';
import type { LambdaRecord } from '../state/state.js';
import { type Change, resourceOperations } from './resource.js';

/** The types that the sandbox runs; lambdas of other types are stored without effect. */
export const runTypes: readonly unknown[] = ['JWTPopulate', 'UserInfoPopulate'];
const types = [
  'JWTPopulate',
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
/** The type of a lambda cannot be changed. */
function save(
  { instance, existing, stamps }: Change<LambdaRecord>,
  wanted: z.output<typeof fields>,
): LambdaRecord {
  const { name, body, debug } = wanted;
  const type = existing?.type ?? wanted.type;
  const lambda: LambdaRecord = { name, body, type, debug, engineType: 'GraalJS', ...stamps };
  instance.state.lambdas.set(stamps.id, lambda);
  return lambda;
}

function remove({ instance }: Pick<Change<LambdaRecord>, 'instance'>, { id }: LambdaRecord): void {
  const { applications, tenants, lambdas } = instance.state;
  const users = [...applications.values(), ...tenants.values()];
  if (users.some(({ lambdaConfiguration = {} }) => Object.values(lambdaConfiguration).includes(id)))
    throw invalidField('lambdaId', 'inUse', 'Something is set up to run this lambda.');
  lambdas.delete(id);
}

function isScript(body: string): boolean {
  try {
    new Script(body);
    return true;
  } catch {
    return false;
  }
}

/** `/api/lambda[/{lambdaId}]`, with `?type=` the lambdas of one type; one that is in use cannot be deleted. */
export const lambdaOperations = resourceOperations({
  path: '/api/lambda',
  one: 'lambda',
  access: 'global-api-key',
  fields,
  all: (_request, { state }) => [...state.lambdas.values()],
  listed: ({ query }, lambdas) => lambdas.filter(({ type }) => (query.get('type') ?? type) === type),
  save,
  remove,
  optional: ['type'],
  searchBy: ['body', 'name', 'type'],
});

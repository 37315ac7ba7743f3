import { readAuthConfig } from '#gatehouse/auth';
import { ConfigurationError } from '#gatehouse/platform';
import type { Mode } from '../../modes.js';
import { issue } from '../../world/issue.js';
import type { World } from '../../world/world.js';

/**
 * The settings that a guard may need and nobody else may know; without a development default here, as in production.
 */
const secretSettings = ['FUSIONAUTH_API_KEY', 'PRINCIPAL_KEY'];

/** Returns the names of the secret settings without which the API cannot guard itself in a mode. */
export async function secretsOfApi(world: World, mode: Mode): Promise<readonly string[]> {
  const without = { ...world.settings(mode), NODE_ENV: 'production', FUSIONAUTH_API_KEY: undefined };
  const missed = secretSettings.filter((name) =>
    problemsOf(without).some((problem) => problem.startsWith(`${name}:`)),
  );
  return (await needsClientSecret(world, mode)) ? [...missed, 'FUSIONAUTH_CLIENT_SECRET'] : missed;
}

function problemsOf(environment: Parameters<typeof readAuthConfig>[0]): readonly string[] {
  try {
    readAuthConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
}

/** Requests an introspection without the secret of the application. */
async function needsClientSecret(world: World, { kind, environment }: Mode): Promise<boolean> {
  if (environment['JWT_VALIDATION'] !== 'introspection') return false;
  const { headers } = await issue(world, kind);
  const token = (headers['Authorization'] ?? '').replace('Bearer ', '');
  const form = { token, client_id: world.realm.applicationId, token_type_hint: 'access_token' };
  return (await world.admin.ask('POST', '/oauth2/introspect', { form, authorization: '' })).status === 401;
}

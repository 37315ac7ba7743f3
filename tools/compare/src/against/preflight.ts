import { z } from 'zod';
import { fusionAuthData, type Permission } from '#gatehouse/fusionauth';
import { exitCodes, ExitError, type Secret } from '#gatehouse/platform';
import type { Admin } from '../world/admin.js';

/** The variable with the key that makes and removes everything. */
export const keyName = 'FUSIONAUTH_BOOTSTRAP_KEY';

/** Introspection with a client secret is older; expiring keys came with this version. */
const oldest = [1, 55] as const;

const needed: readonly Permission[] = [
  'POST /api/tenant',
  'DELETE /api/tenant',
  'GET /api/tenant',
  'POST /api/key/generate',
  'DELETE /api/key',
  'POST /api/user-action',
  'DELETE /api/user-action',
  'GET /api/key',
  'POST /api/webhook',
  'DELETE /api/webhook',
  'GET /api/application',
  'POST /api/application',
  'PATCH /api/application',
  'DELETE /api/application',
  'POST /api/group',
  'DELETE /api/group',
  'POST /api/user/registration',
  'PUT /api/user/registration',
  'DELETE /api/user/registration',
  'GET /api/user',
  'DELETE /api/user',
  'POST /api/user/action',
  'DELETE /api/jwt/refresh',
  'GET /api/system/login-record/search',
  'GET /api/api-key',
];

/** Returns the permissions that a whole run needs. */
export const neededPermissions = (entities: boolean): readonly Permission[] => [
  ...needed,
  ...(entities ? neededForEntities : []),
];

const neededForEntities: readonly Permission[] = [
  'POST /api/entity/type',
  'PATCH /api/entity/type',
  'DELETE /api/entity/type',
  'POST /api/entity',
  'DELETE /api/entity',
  'POST /api/entity/grant',
  'DELETE /api/entity/grant',
];

export interface Found {
  /** `sandbox`, or the version of the FusionAuth. */
  readonly version: string;
  /** Whether its plan includes entities, and so client credentials. */
  readonly entities: boolean;
}

/**
 * Checks whether a comparison can run at a FusionAuth, without changing anything. Throws an ExitError that says what to
 * do: 4 where it does not answer or is too old, 3 where the key lacks permissions.
 */
export async function inspect(admin: Admin, key: Secret): Promise<Found> {
  const version = await versionOf(admin);
  const entities = (await admin.ask('GET', `/api/entity/type/${crypto.randomUUID()}`)).status !== 400;
  const wanted = neededPermissions(entities);
  const data = fusionAuthData({
    url: admin.url,
    apiKey: key,
    deadlineMs: 10_000,
    tenantId: '',
    applicationId: '',
  });
  try {
    const permitted = await Promise.all(wanted.map((permission) => data.ownKey.permits(permission)));
    const missing = wanted.filter((_permission, index) => !permitted[index]);
    if (missing.length === wanted.length)
      throw refused(`is not a key of the FusionAuth at ${admin.url}, or is bound to a tenant`);
    const lacks = missing.map((one) => (one === 'GET /api/api-key' ? 'be a key manager' : one));
    if (missing.length > 0) throw refused(`may not ${lacks.join(', ')}`);
  } finally {
    await data.close();
  }
  return { version, entities };
}

const refused = (what: string): ExitError =>
  new ExitError(
    `${keyName} ${what}. A comparison makes a tenant of its own, so it needs a key of the whole instance that is a key manager: make one in Settings, API Keys, and remove it afterwards. Nothing was made.`,
    exitCodes.credentialRefused,
  );

const status = z.object({ version: z.string().regex(/^\d+\.\d+/) });

async function versionOf(admin: Admin): Promise<string> {
  if ((await admin.ask('GET', '/_sandbox', { authorization: '' })).status === 200) return 'sandbox';
  const answer = await admin.ask('GET', '/api/status');
  const version = status.safeParse(answer.body).data?.version;
  if (version === undefined)
    throw refused(`is not accepted: FusionAuth at ${admin.url} does not report its version`);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return version;
  throw new ExitError(
    `FusionAuth ${version} is too old to compare: it lacks API keys that expire. Use ${oldest.join('.')} or newer.`,
    exitCodes.unavailable,
  );
}

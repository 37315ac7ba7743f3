import { randomBytes, randomUUID } from 'node:crypto';
import type { Administrator } from '../controls/administrator.js';
import type { Sandbox as Core } from '../start-sandbox.js';
import { fusionAuthApplicationId } from '../state/installation.js';
import type { Application, NewUser, Sandbox, TestUser } from './api.js';

interface ApplicationBody {
  readonly id: string;
  readonly name: string;
  readonly tenantId: string;
  readonly roles?: readonly { readonly name: string }[];
  readonly oauthConfiguration?: { readonly clientSecret?: string };
}

const tenantManagerName = 'Tenant Manager';

type People = Pick<Sandbox, 'application' | 'createUser' | 'logIn' | 'createApiKey'>;

/** Creates users, their tokens and API keys, through FusionAuth's API where it has an operation. */
export function peopleOf({ administer, grantTokens }: Core): People {
  const application = (id?: string) => findApplication(administer, id);
  return {
    application,
    createUser: async (user = {}) => createUser(administer, await application(user.applicationId), user),
    async logIn(user, { applicationId, scopes = ['openid', 'offline_access'] } = {}) {
      const { id } = await application(applicationId ?? user.applicationId);
      return grantTokens({ userId: user.id, applicationId: id, scopes });
    },
    async createApiKey({ name, tenantId, permissions } = {}) {
      const apiKey = { name, tenantId, ...(permissions && { permissions: { endpoints: permissions } }) };
      const created = await administer({ method: 'POST', path: '/api/api-key', body: { apiKey } });
      const { id, key } = (created as { apiKey: { id: string; key: string } }).apiKey;
      return { id, key };
    },
  };
}

async function createUser(
  administer: Administrator,
  { id: applicationId, tenantId }: Application,
  { email, password, roles = [], fields }: NewUser,
): Promise<TestUser> {
  const logIn = {
    email: email ?? `user-${randomUUID()}@example.com`,
    password: password ?? randomBytes(16).toString('base64url'),
  };
  const created = (await administer({
    ...{ method: 'POST', path: '/api/user/registration', tenantId },
    body: {
      user: { verified: true, ...fields, ...logIn },
      registration: { applicationId, roles },
      generateAuthenticationToken: true,
      ...{ skipVerification: true, skipRegistrationVerification: true },
    },
  })) as { user: { id: string }; registration: { authenticationToken?: string } };
  const { authenticationToken } = created.registration;
  return {
    ...{ id: created.user.id, ...logIn, applicationId },
    ...(authenticationToken === undefined ? {} : { authenticationToken }),
  };
}

async function findApplication(administer: Administrator, id?: string): Promise<Application> {
  const { applications } = (await administer({ method: 'GET', path: '/api/application' })) as {
    applications: readonly ApplicationBody[];
  };
  const found = chosen(applications, id);
  const { tenant } = (await administer({ method: 'GET', path: `/api/tenant/${found.tenantId}` })) as {
    tenant: { issuer: string };
  };
  return described(found, tenant.issuer);
}

/** Returns the named application, else the only one that is not FusionAuth's own. Throws, listing the choices. */
function chosen(applications: readonly ApplicationBody[], id: string | undefined): ApplicationBody {
  const own = applications.filter(
    (one) => one.id !== fusionAuthApplicationId && one.name !== tenantManagerName,
  );
  const candidates = id === undefined ? own : applications.filter((one) => one.id === id);
  const [found] = candidates;
  if (found && candidates.length === 1) return found;
  const choice = own.map((one) => `${one.id} (${one.name})`).join(', ') || 'none';
  throw new Error(
    id === undefined
      ? `name the application: the kickstart file made ${choice}`
      : `there is no application ${id}; there are ${choice}`,
  );
}

function described({ id, name, tenantId, roles = [], oauthConfiguration }: ApplicationBody, issuer: string) {
  const { clientSecret } = oauthConfiguration ?? {};
  return {
    ...{ id, name, tenantId, issuer, roles: roles.map((role) => role.name) },
    ...(clientSecret === undefined ? {} : { clientSecret }),
  };
}

import { type Mode, takesWebhooks } from '../../modes.js';
import { issue, type Issued, logIn, machineLogIn, newPerson, renew } from '../../world/issue.js';
import type { Realm } from '../../world/maker.js';
import type { World } from '../../world/world.js';

/** What a set-up has come to so far. */
export interface Progress {
  readonly world: World;
  readonly realm: Partial<Realm> & Pick<Realm, 'tenantId'>;
  readonly issued: Partial<Issued>;
}

/** One thing that has to be done, once for the API or for each client. */
export interface Step {
  readonly title: string;
  readonly by: 'program' | 'person';
  readonly run: (progress: Progress) => Promise<Partial<Pick<Progress, 'realm' | 'issued'>> | undefined>;
}

/** How a mode is set up, from a tenant with nothing in it to a credential. */
export interface Recipe {
  readonly steps: readonly Step[];
  /** What has to be kept secret, by whom. */
  readonly secrets: readonly string[];
  readonly plan: 'Community' | 'Starter';
  /** Gets another credential by what the client has, without a person; undefined where there is no way. */
  readonly renew?: (world: World, realm: Realm, issued: Issued) => Promise<Issued>;
}

const whole = (realm: Progress['realm']): Realm => realm as Realm;

const signingKey: Step = {
  title: 'make a signing key',
  by: 'program',
  run: async ({ world, realm }) => ({ realm: { ...realm, signingKeyId: await world.newKey() } }),
};
const application: Step = {
  title: 'make the application, with its roles and redirect address',
  by: 'program',
  run: async ({ world, realm }) => ({ realm: { ...realm, ...(await world.newApplication(whole(realm))) } }),
};
const machineType: Step = {
  title: 'make a type of machines',
  by: 'program',
  run: async ({ world, realm }) => ({
    realm: { ...realm, entityTypeId: await world.newEntityType(whole(realm)) },
  }),
};
const target: Step = {
  title: 'make the entity that stands for the API',
  by: 'program',
  run: async ({ world, realm }) => ({ realm: { ...realm, entityId: await world.newTarget(whole(realm)) } }),
};
const webhookKey: Step = {
  title: 'make a key that signs webhooks',
  by: 'program',
  run: () => Promise.resolve(undefined),
};
/** Opening the door does it: its address is known then. */
const webhook: Step = {
  title: 'make the webhook, and switch its events on',
  by: 'program',
  run: () => Promise.resolve(undefined),
};
const person: Step = {
  title: 'make the user, registered with its roles',
  by: 'program',
  run: async ({ world, realm }) => ({
    issued: await newPerson(world, { roles: ['todo-reader'], realm: whole(realm) }),
  }),
};
const logInOnce: Step = {
  title: 'log in at FusionAuth’s page and let the client in',
  by: 'person',
  run: async ({ world, realm, issued: { email = '', password = '' } }) => ({
    issued: await logIn(world, whole(realm), { email, password }),
  }),
};
const ownKey: Step = {
  title: 'make the API’s own narrow key',
  by: 'program',
  run: async ({ world, realm }) => ({ realm: { ...realm, ownKey: await world.newOwnKey(realm.tenantId) } }),
};
const probeGroup: Step = {
  title: 'make the empty group that keys may read',
  by: 'program',
  run: async ({ world, realm }) => ({
    realm: { ...realm, probeGroupId: await world.newProbeGroup(realm.tenantId) },
  }),
};
const key: Step = {
  title: 'make the key',
  by: 'program',
  run: async ({ world, realm }) => ({ issued: await issue(world, 'api-key', { realm: whole(realm) }) }),
};
const tokenHolder: Step = {
  title: 'make the user, registered with its roles and an authentication token',
  by: 'program',
  run: async ({ world, realm }) => ({ issued: await issue(world, 'email-token', { realm: whole(realm) }) }),
};
const machine: Step = {
  title: 'make the machine, grant it its permissions and get a first token',
  by: 'program',
  run: async ({ world, realm }) => ({ issued: await issue(world, 'machine-token', { realm: whole(realm) }) }),
};

const client = 'the client’s';
const api = 'the API’s';

const userTokens = (more: readonly Step[], secrets: readonly string[]): Recipe => ({
  steps: [signingKey, application, ...more, person, logInOnce],
  secrets: [`${client} refresh token`, ...secrets],
  plan: 'Community',
  renew,
});

/** How a mode is set up. */
export function recipeOf(mode: Mode): Recipe {
  const { kind, environment } = mode;
  switch (kind) {
    case 'user-token': {
      const validation = environment['JWT_VALIDATION'];
      if (takesWebhooks(mode)) return userTokens([webhookKey, webhook], []);
      if (validation === 'session') return userTokens([ownKey], [`${api} own key`]);
      return userTokens([], validation === 'introspection' ? ['the application’s client secret'] : []);
    }
    case 'machine-token':
      return {
        steps: [signingKey, machineType, target, machine],
        secrets: [`${client} client secret`],
        plan: 'Starter',
        renew: async (world, realm, issued) => ({
          ...issued,
          ...(await machineLogIn(world, realm, {
            clientId: issued.clientId ?? '',
            secret: issued.secret ?? '',
          })),
        }),
      };
    case 'api-key':
      return {
        steps: [probeGroup, key],
        secrets: [`${client} API key`, `${api} PRINCIPAL_KEY`],
        plan: 'Community',
      };
    case 'email-token':
      return {
        steps: [signingKey, application, ownKey, tokenHolder],
        secrets: [`${client} authentication token`, `${api} own key`],
        plan: 'Community',
      };
  }
}

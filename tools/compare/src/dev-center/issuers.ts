import { parseConfig } from '#gatehouse/platform';
import { type DevCenterConfig, devCenterSchema } from '../../../../apps/dev-center/src/config.js';
import type { FusionAuthContext } from '../../../../apps/dev-center/src/context.js';
import { type IssuerName, issuers } from '../../../../apps/dev-center/src/issuers/index.js';
import type { Issuer } from '../../../../apps/dev-center/src/issuers/issuer.js';
import type { CredentialKind, Mode } from '../modes.js';
import { redirectUri } from '../world/maker.js';
import type { Kind } from '../world/objects.js';
import type { World } from '../world/world.js';

/** The `npm run credentials` name of each kind of credential. */
export const issuerOf: Readonly<Record<CredentialKind, IssuerName>> = {
  'user-token': 'jwt',
  'machine-token': 'client-credentials',
  'api-key': 'api-key',
  'email-token': 'email-token',
};

/** The kind of object that each issuer makes in FusionAuth. */
const makes: Readonly<Record<IssuerName, Kind>> = {
  jwt: 'user',
  'client-credentials': 'entity',
  'api-key': 'API key',
  'email-token': 'user',
};

/** Returns the settings of a Dev Center in a world that reaches FusionAuth at `url`. */
export const devCenterConfig = (world: World, mode: Mode, url: string): DevCenterConfig =>
  parseConfig(devCenterSchema, {
    ...world.settings(mode),
    FUSIONAUTH_URL: url,
    FUSIONAUTH_MANAGER_KEY: world.admin.key,
    PUBLIC_URL: new URL(redirectUri).origin,
  });

/**
 * Returns an issuer of the Dev Center whose credentials are noted before they are made, and are therefore always
 * removed.
 */
export function notedIssuer(world: World, context: FusionAuthContext, name: IssuerName): Issuer {
  const issuer = context.issuer(name);
  return {
    ...issuer,
    async plan(order) {
      const plan = await issuer.plan(order);
      const made = { kind: makes[name], id: plan.fusionauthId, tenant: world.realm.tenantId };
      return { ...plan, make: (report) => world.noted(made, () => plan.make(report)) };
    },
  };
}

/** Returns the readable name of the secret that a client stores: `an API key`, for example. */
export const secretOf = (kind: CredentialKind): string => issuers[issuerOf[kind]].secret;

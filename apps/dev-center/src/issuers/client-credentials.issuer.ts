import { randomBytes, randomUUID } from 'node:crypto';
import { exitCodes, ExitError, Secret } from '#gatehouse/platform';
import {
  bearer,
  compareRoles,
  gone,
  type Issuer,
  type IssuerDefinition,
  type IssuerParts,
} from './issuer.js';

export const clientCredentialsIssuer: IssuerDefinition = {
  strategy: 'jwt',
  secret: 'a client secret',
  endsWithin:
    'It gets no more tokens. One in use works until it expires; with JWT_VALIDATION=session for CREDENTIAL_CACHE_SECONDS (5 by default).',
  endIsEnforced: false,
  hasSessions: false,
  title: 'Client credentials',
  about: 'A machine’s id and secret, exchanged for access tokens that are valid for an hour.',
  use: {
    variable: '$TOKEN',
    obtain: {
      grant_type: 'client_credentials',
      client_id: '$CLIENT_ID',
      client_secret: '$CLIENT_SECRET',
      scope: 'target-entity:$TARGET_ENTITY_ID',
    },
    headers: bearer,
  },
  measured: { modes: [{ id: 'client-credentials', title: 'local' }], ending: 'delete-entity-grant' },
  create: clientSecrets,
};

/**
 * Issues entities with a grant on the one that represents the API (RFC 6749 section 4.4). An entity has one secret at
 * a time, so the successor is another entity with the same grant.
 */
function clientSecrets({ control, config }: IssuerParts): Issuer {
  const { FUSIONAUTH_ENTITY_ID: target } = config;
  const { entities } = control;
  return {
    async plan({ client, expiresAt }) {
      const typeId = await entities.typeOf(target);
      if (typeId === undefined) {
        throw new ExitError(
          `FusionAuth has no entity ${target} (FUSIONAUTH_ENTITY_ID): "npm run provision" creates it if the plan has entities.`,
          exitCodes.badConfiguration,
        );
      }
      const id = randomUUID();
      const clientSecret = randomBytes(32).toString('base64url');
      return {
        fusionauthId: id,
        subject: id,
        expiresAt,
        async make(report) {
          await entities.make({ id, name: `${client.name} ${id.slice(0, 8)}`, typeId, clientSecret });
          await entities.grant(target, id, client.roles);
          report('obtaining a first token');
          const token = await entities.obtainToken(id, clientSecret, target);
          return {
            settings: { CREDENTIAL_SOURCE: 'client-credentials', CLIENT_ID: id, TARGET_ENTITY_ID: target },
            secret: { name: 'CLIENT_SECRET', value: new Secret(clientSecret) },
            presented: new Secret(token),
          };
        },
      };
    },
    // An entity cannot expire in FusionAuth; it is removed at its end.
    retire: () => Promise.resolve(),
    end: (id) => entities.remove(id),
    present: (id, secret) => entities.obtainToken(id, secret, target),
    async inspect(id, roles) {
      const granted = await entities.granted(target, id);
      return granted ? compareRoles(granted, roles) : [gone];
    },
  };
}

import { clientCredentialsGrant, ClientSecretPost } from 'openid-client';
import { identifier, secretText, setting, uuid } from '#gatehouse/platform';
import { AccessTokenSource } from './access-token.source.js';
import { defineSource } from './source.js';
import { tokenEndpoint } from './token-endpoint.js';

/**
 * The source for a machine's access token (RFC 6749 section 4.4), in FusionAuth from an entity with permissions on
 * the API's entity.
 */
export const clientCredentials = defineSource({
  settings: {
    CLIENT_ID: setting(identifier(), {
      about: 'client id of the entity that represents this client',
      example: '2d7f9a10-4b6c-4e8d-9f21-7c5e3a1b0d44',
    }),
    CLIENT_SECRET: setting(secretText(), {
      about:
        'secret of that entity; with jwt that of the application, for a session approved by the device grant',
      example: 'the client secret of the entity',
      secret: true,
    }),
    TARGET_ENTITY_ID: setting(uuid(), {
      about: 'the entity that represents the API',
      example: '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e',
    }),
  },
  create({ CLIENT_ID, CLIENT_SECRET, TARGET_ENTITY_ID }, parts) {
    const scope = `target-entity:${TARGET_ENTITY_ID}`;
    const authentication = async () =>
      ClientSecretPost(((await parts.reread?.('CLIENT_SECRET')) ?? CLIENT_SECRET).reveal());
    const requestToken = tokenEndpoint(parts, { id: CLIENT_ID, authentication }, cureOf);
    const obtain = () => requestToken((configuration) => clientCredentialsGrant(configuration, { scope }));
    return new AccessTokenSource({ ...parts, obtain });
  },
});

function cureOf(error: string): string {
  switch (error) {
    case 'invalid_client':
      return 'FusionAuth refuses the client: check CLIENT_ID and CLIENT_SECRET of its entity; the Dev Center shows both.';
    case 'invalid_scope':
      return 'FusionAuth grants this client no permissions on the API: check TARGET_ENTITY_ID and the grant of its entity.';
    case 'not_licensed':
      return 'FusionAuth has no licence for client credentials: choose another CREDENTIAL_SOURCE, or a plan with entities.';
    default:
      return `FusionAuth refused the client credentials grant (${error}). Check the entity of CLIENT_ID in FusionAuth.`;
  }
}

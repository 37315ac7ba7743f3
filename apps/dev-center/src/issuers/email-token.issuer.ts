import { Secret } from '#gatehouse/platform';
import type { Issuer, IssuerDefinition, IssuerParts } from './issuer.js';
import { inspectServiceUser, newServiceUser } from './service-user.js';

export const emailTokenIssuer: IssuerDefinition = {
  strategy: 'email-token',
  secret: 'an authentication token',
  endsWithin: 'The Todo API refuses it after T.',
  endIsEnforced: true,
  create: authenticationTokens,
};

/**
 * A service user's authentication token. There is one for each registration, so the successor is another user's: the
 * Todo API knows both as the same client.
 */
function authenticationTokens({ control }: IssuerParts): Issuer {
  return {
    plan(order) {
      const user = newServiceUser(order);
      const { expiresAt } = order;
      return Promise.resolve({
        fusionauthId: user.id,
        subject: user.id,
        expiresAt,
        async make() {
          const token = await control.users.makeWithToken(user, expiresAt);
          return {
            settings: { CREDENTIAL_SOURCE: 'email-token', LOGIN_EMAIL: user.email },
            secret: { name: 'AUTHENTICATION_TOKEN', value: new Secret(token) },
          };
        },
      });
    },
    // FusionAuth's tokens do not expire: the API reads this and refuses.
    retire: (id, endsAt) => control.users.expireToken(id, endsAt),
    end: (id) => control.users.remove(id),
    async present(id, token) {
      const email = (await control.users.read(id))?.email;
      return email === undefined ? undefined : `${email}:${token}`;
    },
    inspect: (id, roles) => inspectServiceUser({ control }, id, roles),
  };
}

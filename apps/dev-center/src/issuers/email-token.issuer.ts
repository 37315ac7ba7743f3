import { Secret } from '#gatehouse/platform';
import type { Issuer, IssuerParts } from './issuer.js';
import { inspectServiceUser, newServiceUser } from './service-user.js';

/**
 * A service user's authentication token. There is one for each registration, so the successor is another user's: the
 * Todo API knows both as the same client.
 */
export function emailTokenIssuer({ control }: IssuerParts): Issuer {
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
    inspect: (id, roles) => inspectServiceUser({ control }, id, roles),
  };
}

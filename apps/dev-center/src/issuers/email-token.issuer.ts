import { Secret } from '#gatehouse/platform';
import type { Issuer, IssuerDefinition, IssuerParts } from './issuer.js';
import { newServiceUser, serviceUsers } from './service-user.js';

export const emailTokenIssuer: IssuerDefinition = {
  strategy: 'email-token',
  secret: 'an authentication token',
  endsWithin: 'The Todo API refuses it after CREDENTIAL_CACHE_SECONDS (5 by default).',
  endIsEnforced: true,
  hasSessions: false,
  title: 'E-mail and token',
  about: 'The address and token of a service user, by HTTP Basic.',
  use: {
    variable: '$LOGIN_EMAIL:$AUTHENTICATION_TOKEN',
    headers: '{ Authorization: `Basic ${btoa(`${env.LOGIN_EMAIL}:${env.AUTHENTICATION_TOKEN}`)}` }',
  },
  measured: { modes: [{ id: 'email-token', title: 'log-in' }], ending: 'deactivate-user' },
  create: authenticationTokens,
};

/**
 * Issues authentication tokens of service users. A registration has one, so the successor belongs to another user:
 * the Todo API identifies both as the same client.
 */
function authenticationTokens({ control }: IssuerParts): Issuer {
  return {
    ...serviceUsers(control),
    plan(order) {
      const user = newServiceUser(order);
      const { expiresAt } = order;
      const make = async () => {
        const token = await control.users.makeWithToken(user, expiresAt);
        return {
          settings: { CREDENTIAL_SOURCE: 'email-token', LOGIN_EMAIL: user.email },
          secret: { name: 'AUTHENTICATION_TOKEN', value: new Secret(token) },
          presented: new Secret(`${user.email}:${token}`),
        };
      };
      return Promise.resolve({ fusionauthId: user.id, subject: user.id, expiresAt, make });
    },
    // FusionAuth's tokens do not expire: the Todo API reads this expiry and refuses.
    retire: (id, endsAt) => control.users.expireToken(id, endsAt),
    async present(id, token) {
      const email = (await control.users.read(id))?.email;
      return email === undefined ? undefined : `${email}:${token}`;
    },
  };
}

import { randomUUID } from 'node:crypto';
import type { Instance } from '../instance.js';
import { accessClaims, commonClaims, idClaims, type Login, registrationOf } from './claims.js';
import { issuingKey } from './issuing-key.js';
import { populate } from './populate.js';
import { sign } from './signing-key.js';

export interface UserTokens {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly expiresInSeconds: number;
}

/** Signs the access token and, for the scope `openid`, the ID token of a log-in. */
export async function issueUserTokens(instance: Instance, login: Login): Promise<UserTokens> {
  const { lambdaConfiguration = {} } = login.application;
  const about = { user: login.user.user, registration: registrationOf(login), scopes: login.scopes };
  const common = commonClaims(instance, login);
  const access = populate(instance, {
    ...about,
    lambdaId: lambdaConfiguration.accessTokenPopulateId,
    claims: { ...common, ...accessClaims(instance, login) },
  });
  const accessToken = await sign(issuingKey(instance, login, 'accessTokenKeyId'), access, login.gty);
  const expiresInSeconds = Math.max(0, Math.floor(Number(access['exp']) - instance.now() / 1000));
  if (!login.scopes.includes('openid')) return { accessToken, idToken: undefined, expiresInSeconds };
  const idKey = issuingKey(instance, login, 'idTokenKeyId');
  const id = populate(instance, {
    ...about,
    lambdaId: lambdaConfiguration.idTokenPopulateId,
    claims: { ...common, jti: randomUUID(), ...idClaims(login, idKey, accessToken) },
  });
  return { accessToken, idToken: await sign(idKey, id, login.gty), expiresInSeconds };
}

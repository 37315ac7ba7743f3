import { randomUUID } from 'node:crypto';
import type { World } from '../world.js';
import {
  accessClaims,
  commonClaims,
  idClaims,
  jwtConfiguration,
  type Login,
  registrationOf,
} from './claims.js';
import { populate } from './populate.js';
import { keyOf, sign } from './signing-key.js';

export interface UserTokens {
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly expiresInSeconds: number;
}

/** Signs the access token and, for the scope `openid`, the ID token of a log-in. */
export async function issueUserTokens(world: World, login: Login): Promise<UserTokens> {
  const { lambdaConfiguration = {} } = login.application;
  const registration = registrationOf(login);
  const { user } = login.user;
  const { accessTokenKeyId, idTokenKeyId } = jwtConfiguration(login);
  const common = commonClaims(world, login);
  const access = populate(
    world,
    lambdaConfiguration.accessTokenPopulateId,
    { ...common, ...accessClaims(world, login) },
    user,
    registration,
  );
  const accessToken = await sign(keyOf(world, accessTokenKeyId), access, login.gty);
  const expiresInSeconds = Math.max(0, Math.floor(Number(access['exp']) - world.now() / 1000));
  if (!login.scopes.includes('openid')) return { accessToken, idToken: undefined, expiresInSeconds };
  const idKey = keyOf(world, idTokenKeyId);
  const claims = { ...common, jti: randomUUID(), ...idClaims(login, idKey, accessToken) };
  const id = populate(world, lambdaConfiguration.idTokenPopulateId, claims, user, registration);
  return { accessToken, idToken: await sign(idKey, id, login.gty), expiresInSeconds };
}

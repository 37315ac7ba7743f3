import { randomUUID } from 'node:crypto';
import { applicationId, tenantId, tokenMinter } from '../../tools/issuer/src/token-minter.js';
import type { ContractWorld } from './contract-world.js';
import type { Issued, Mode, Tricks } from './mode.js';
import {
  accessTokenOf,
  bearer,
  issueAccessToken,
  logIn,
  newPerson,
  otherTenant,
  personTricks,
  unknownEmail,
} from './people.js';

const issued = (token: string, more: Partial<Issued> = {}): Issued => ({
  headers: bearer(token),
  secrets: [token],
  ...more,
});

const malformed = ['Bearer', 'Bearer ', 'Bearer a b', 'Bearer a,b', 'Bearer "a"', 'Bearer ä'].map(
  (authorization) => ({
    authorization: Buffer.from(authorization, 'utf8').toString('latin1'),
  }),
);

/** Returns a token of another application of the same issuer; the user may be registered for that one. */
async function ofAnotherApplication(world: ContractWorld, registered: boolean): Promise<Issued> {
  const person = await newPerson(world);
  const other = randomUUID();
  await world.admin('POST', `/api/application/${other}`, {
    application: await applicationLike(world, 'Another'),
  });
  if (registered) {
    const registration = { applicationId: other, roles: [] };
    await world.admin('POST', `/api/user/registration/${person.userId}`, { registration });
  }
  return issued((await logIn(world, person, { applicationId: other, tenantId })).access_token);
}

async function applicationLike(world: ContractWorld, name: string) {
  const { application } = await world.admin<{ application: Record<string, unknown> }>(
    'GET',
    `/api/application/${applicationId}`,
  );
  const { jwtConfiguration, oauthConfiguration, loginConfiguration } = application;
  return { name, jwtConfiguration, oauthConfiguration, loginConfiguration };
}

/** Returns a token of FusionAuth that is bound to a key, as its DPoP tokens are (RFC 9449 section 6). */
async function boundToken(world: ContractWorld): Promise<Issued> {
  const { secrets } = await issueAccessToken(world);
  const cnf = { jkt: '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I' };
  return issued(await world.withClaims(secrets[0]!, { cnf }));
}

/** Returns a token of another tenant of the same FusionAuth: its keys are in the same key set. */
async function ofAnotherTenant(world: ContractWorld, email = unknownEmail()): Promise<Issued> {
  const other = await otherTenant(world);
  const password = randomUUID();
  const inOther = (method: string, path: string, body: object) =>
    world.admin(method, path, body, other.tenantId);
  await inOther('PATCH', `/api/application/${other.applicationId}`, {
    application: await applicationLike(world, 'Other'),
  });
  await inOther('POST', '/api/user/registration', {
    user: { email, password, verified: true },
    registration: { applicationId: other.applicationId, roles: [] },
    skipVerification: true,
  });
  const person = { userId: '', email, password, authenticationToken: undefined };
  return issued((await logIn(world, person, other)).access_token);
}

const localTricks: Tricks = {
  malformed,
  unknown: async () => issued(await tokenMinter().mint()),
  wrongAudience: (world) => ofAnotherApplication(world, false),
  otherApplication: (world) => ofAnotherApplication(world, true),
  otherTenant: ofAnotherTenant,
  idToken: async (world) => issued((await logIn(world, await newPerson(world))).id_token ?? ''),
  bound: boundToken,
  expire: async (world) => Promise.resolve(world.sandbox.clock.advance(3_631_000)),
};

/** Actions that revoke access tokens where FusionAuth is asked for the session, or announces its end. */
const sessionTricks: Tricks = {
  ...localTricks,
  ...personTricks,
  async revoke(world, { sessionId }) {
    await world.admin('DELETE', `/api/jwt/refresh/${sessionId ?? ''}`);
  },
};

export const jwtModes: readonly Mode[] = [
  {
    name: 'jwt/local',
    env: { AUTH_STRATEGY: 'jwt' },
    calls: [],
    issue: issueAccessToken,
    tricks: localTricks,
  },
  {
    name: 'jwt/local (passport-jwt)',
    env: { AUTH_STRATEGY: 'jwt', JWT_ENGINE: 'passport-jwt' },
    calls: [],
    issue: issueAccessToken,
    tricks: localTricks,
  },
  {
    name: 'jwt/local+push',
    env: { AUTH_STRATEGY: 'jwt', REVOCATION: 'push' },
    calls: [],
    issue: issueAccessToken,
    tricks: {
      ...sessionTricks,
      logInAgain: (world, { userId = '', email = '', password = '' }) =>
        accessTokenOf(world, { userId, email, password, authenticationToken: undefined }),
    },
  },
  {
    name: 'jwt/introspection',
    env: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'introspection' },
    calls: ['POST /oauth2/introspect'],
    issue: issueAccessToken,
    tricks: localTricks,
  },
  {
    name: 'jwt/session',
    env: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'session' },
    calls: ['GET /api/jwt/refresh', 'GET /api/user', 'GET /api/user/action'],
    issue: issueAccessToken,
    tricks: sessionTricks,
  },
];

import { adaId, api, applicationId, call, configure, introspect, lock, logIn } from '../started-sandbox.js';
import { sandbox } from './ground.js';

interface Credentials {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
  readonly authenticationToken: string;
}

async function credentials(): Promise<Credentials> {
  const tokens = await logIn(sandbox);
  const registration = await call(sandbox, 'PUT', `/api/user/registration/${adaId}`, {
    registration: { applicationId, roles: ['todo-reader'] },
    generateAuthenticationToken: true,
  });
  const { authenticationToken } = registration.body['registration'] as { authenticationToken: string };
  return {
    accessToken: tokens.access_token,
    refreshToken: tokens.refresh_token!,
    sessionId: tokens['refresh_token_id'] as string,
    authenticationToken,
  };
}

/** Every way to ask FusionAuth about somebody: what it says while all is well, and what it says otherwise. */
const checks = {
  validate: async ({ accessToken }: Credentials) => {
    const headers = { authorization: `Bearer ${accessToken}` };
    return (await call(sandbox, 'GET', '/api/jwt/validate', undefined, headers)).status === 200;
  },
  introspect: async ({ accessToken }: Credentials) =>
    (await introspect(sandbox, accessToken)).body['active'] === true,
  'introspect the refresh token': async ({ refreshToken }: Credentials) =>
    (await introspect(sandbox, refreshToken, { token_type_hint: 'refresh_token' })).body['active'] === true,
  'read the session': async ({ sessionId }: Credentials) =>
    (await api(sandbox, 'GET', `/api/jwt/refresh/${sessionId}`)).status === 200,
  'read the user and their locks': async () => {
    const { status, body } = await call(sandbox, 'GET', `/api/user/${adaId}`);
    const query = `?userId=${adaId}&preventingLogin=true`;
    const locks = await call(sandbox, 'GET', `/api/user/action${query}`);
    const { active, registrations = [] } = (body['user'] ?? {}) as {
      active?: boolean;
      registrations?: unknown[];
    };
    const free = (locks.body['actions'] as unknown[] | undefined)?.length === 0;
    return status === 200 && active === true && registrations.length > 0 && free;
  },
  'log in with the authentication token': async ({ authenticationToken: password }: Credentials) =>
    (await call(sandbox, 'POST', '/api/login', { loginId: 'ada@example.com', password, applicationId }))
      .status === 200,
};

type Check = keyof typeof checks;

const all = Object.keys(checks) as Check[];
const session: Check[] = ['introspect the refresh token', 'read the session'];
const account: Check[] = ['read the user and their locks', 'log in with the authentication token'];

/** The events, and the checks that notice each; all other checks still accept. */
const events: readonly [event: string, happen: (held: Credentials) => Promise<unknown>, noticing: Check[]][] =
  [
    ['nothing happens', () => Promise.resolve(), []],
    [
      'the access token expires',
      () => Promise.resolve(sandbox.clock.advance(3_601_000)),
      ['validate', 'introspect'],
    ],
    [
      'the session is revoked',
      ({ sessionId }) => api(sandbox, 'DELETE', `/api/jwt/refresh/${sessionId}`),
      session,
    ],
    [
      'the user logs out',
      ({ refreshToken }) => call(sandbox, 'POST', '/api/logout', { refreshToken }),
      session,
    ],
    ['the user is deactivated', () => api(sandbox, 'DELETE', `/api/user/${adaId}`), account],
    ['the user is locked by an action', () => lock(sandbox, adaId), [...session, ...account]],
    [
      'the user is locked by an action where locks end no session',
      async () => {
        const refreshTokenRevocationPolicy = { onLoginPrevented: false };
        await configure(sandbox, { jwtConfiguration: { refreshTokenRevocationPolicy } });
        await lock(sandbox, adaId);
      },
      account,
    ],
    [
      'the user is deleted',
      () => api(sandbox, 'DELETE', `/api/user/${adaId}?hardDelete=true`),
      [...session, ...account],
    ],
    [
      'the registration is deleted',
      () => api(sandbox, 'DELETE', `/api/user/registration/${adaId}/${applicationId}`),
      account,
    ],
  ];

async function noticedBy(held: Credentials): Promise<Check[]> {
  const answers = await Promise.all(all.map((name) => checks[name](held)));
  return all.filter((_name, index) => !answers[index]);
}

describe('when', () => {
  it.each(events)('%s, exactly the expected checks notice it', async (_event, happen, noticing) => {
    const held = await credentials();
    expect(await noticedBy(held)).toEqual([]);
    await happen(held);
    expect(await noticedBy(held)).toEqual(all.filter((name) => noticing.includes(name)));
  });
});

describe('with strictIntrospection', () => {
  const remote: Check[] = ['validate', 'introspect'];
  // A registration is no part of it: FusionAuth leaves that to the claims.
  const seen = events.filter(([event]) => event !== 'the registration is deleted');

  it.each(seen)('when %s, validate and introspect notice it too', async (_event, happen, noticing) => {
    sandbox.settings.strictIntrospection = true;
    const held = await credentials();
    expect(await noticedBy(held)).toEqual([]);
    await happen(held);
    const expected = noticing.length > 0 ? [...remote, ...noticing] : [];
    expect(await noticedBy(held)).toEqual(all.filter((name) => expected.includes(name)));
  });
});

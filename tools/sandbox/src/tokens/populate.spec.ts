import type { Instance } from '../instance.js';
import { populate } from './populate.js';

const claims = { sub: 'ada', iat: 1000, exp: 4600, roles: ['reader'], email: 'ada@example.com' };
const user = { timezone: 'Europe/London', data: { team: 'blue' } };

const warnings: { err: Error }[] = [];
beforeEach(() => warnings.splice(0));

/** Returns the claims after running a lambda with this body of `populate`, and other declarations before it. */
function after(body: string, registration?: object, declarations = '') {
  const lambda = {
    id: 'l',
    name: 'l',
    body: `${declarations} function populate(jwt, user, registration, context) { ${body} }`,
  };
  const instance = {
    state: { lambdas: new Map([['l', lambda]]) },
    log: { warn: (details: { err: Error }) => warnings.push(details) },
  } as unknown as Instance;
  return populate(instance, { lambdaId: 'l', claims, user, registration, scopes: ['openid', 'profile'] });
}

describe('a JWTPopulate lambda', () => {
  it('adds claims from the user and the registration', () => {
    const registration = { roles: ['reader'] };
    expect(after('jwt.zoneinfo = user.timezone; jwt.n = registration.roles.length;', registration)).toEqual({
      ...claims,
      zoneinfo: 'Europe/London',
      n: 1,
    });
  });

  it('gets undefined as the registration of an unregistered user', () => {
    const body = 'jwt.registered = registration !== undefined;';
    expect(after(body)).toMatchObject({ registered: false });
    expect(after(body, {})).toMatchObject({ registered: true });
  });

  it('omits a claim whose value is undefined, and removes one that it sets to null', () => {
    const left = after('jwt.nothing = user.nothing; jwt.email = null;');
    expect(left).not.toHaveProperty('nothing');
    expect(left).not.toHaveProperty('email');
  });

  it('cannot change subject and time of issue, and can only shorten the lifetime', () => {
    expect(after('jwt.sub = "bruno"; jwt.iat = 1; jwt.exp = 9999;')).toEqual(claims);
    expect(after('delete jwt.sub; jwt.exp = 2000;')).toEqual({ ...claims, exp: 2000 });
  });

  it.each(['amr', 'auth_time', 'cnf', 'gty', 'tid', 'tty'])('can neither change nor add %s', (claim) => {
    expect(after(`jwt.${claim} = "forged";`)).toEqual(claims);
  });

  it('gets the granted scopes in its context', () => {
    expect(after('jwt.scopes = context.scopes;')).toEqual({ ...claims, scopes: ['openid', 'profile'] });
  });

  it('changes nothing when it throws, and the log says so', () => {
    expect(after('jwt.roles = ["admin"]; throw new Error("no team");')).toEqual(claims);
    expect(warnings[0]?.err.message).toBe('no team');
  });

  it('may declare any name', () => {
    const declarations = 'const parameters = { team: "blue" }; let input, jwt, user;';
    expect(after('jwt.team = parameters.team;', undefined, declarations)).toEqual({
      ...claims,
      team: 'blue',
    });
  });

  it('may write to its console', () => {
    expect(after('console.info("hello"); console.debug(jwt);')).toEqual(claims);
  });

  it('is stopped if it does not end', () => {
    const endless = 'Promise.resolve().then(function again() { return Promise.resolve().then(again); });';
    for (const body of ['for (;;) {}', endless]) expect(after(body)).toEqual(claims);
    for (const { err } of warnings) expect(err.message).toContain('timed out');
    expect(warnings).toHaveLength(2);
  });

  it('sees neither the process nor a way to load modules', () => {
    expect(after('jwt.seen = [typeof process, typeof require, typeof fetch].join();')).toMatchObject({
      seen: 'undefined,undefined,undefined',
    });
  });

  it('is optional', () => {
    const instance = { state: { lambdas: new Map() } } as unknown as Instance;
    const run = { lambdaId: undefined, claims, user, registration: undefined, scopes: [] };
    expect(populate(instance, run)).toBe(claims);
  });
});

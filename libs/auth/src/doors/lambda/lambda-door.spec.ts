import { createAuthenticator, readAuthConfig } from '#gatehouse/auth';
import { createLogger } from '#gatehouse/platform';
import { type KeyServer, startKeyServer } from '../../../../../tools/issuer/src/key-server.js';
import { applicationId, issuer, tenantId } from '../../../../../tools/issuer/src/token-minter.js';
import type { Authenticator } from '../../build-authenticator.js';
import { readRoleRules } from '../forward/role-rules.js';
import { readQuestion } from './authorizer-event.js';
import { lambdaAuthorizer, type LambdaDoorSettings } from './lambda-door.js';

const api = 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod';

let keys: KeyServer;
let authenticator: Authenticator;
let token: string;

const authenticatorOf = (more: Record<string, string> = {}) =>
  createAuthenticator(
    readAuthConfig({
      NODE_ENV: 'test',
      FUSIONAUTH_URL: keys.url,
      FUSIONAUTH_ISSUER: issuer,
      FUSIONAUTH_APPLICATION_ID: applicationId,
      FUSIONAUTH_TENANT_ID: tenantId,
      ...more,
    }),
    { log: createLogger('test', 'silent') },
  );

beforeAll(async () => {
  keys = await startKeyServer();
  authenticator = authenticatorOf();
  token = await keys.minter.mint({ sub: 'ada', roles: ['todo-reader', 'todo-writer'] });
});
afterAll(async () => {
  authenticator.close();
  await keys.close();
});

const ask = (event: object, settings: Partial<LambdaDoorSettings> = {}, guard = authenticator) =>
  lambdaAuthorizer(guard, { answers: 'simple', cached: true, ...settings })(event);

/** Payload 2.0 of an HTTP API, as documented. */
const httpEvent = (headers: object = { authorization: `Bearer ${token}` }, more: object = {}) => ({
  version: '2.0',
  type: 'REQUEST',
  routeArn: `${api}/GET/todos`,
  routeKey: 'GET /todos',
  rawPath: '/prod/todos',
  rawQueryString: '',
  headers,
  requestContext: { requestId: 'r1', http: { method: 'GET', path: '/prod/todos', sourceIp: '192.0.2.7' } },
  ...more,
});

const restEvent = (headers: object = { Authorization: `Bearer ${token}` }, more: object = {}) => ({
  type: 'REQUEST',
  methodArn: `${api}/GET/todos`,
  resource: '/todos',
  path: '/todos',
  httpMethod: 'GET',
  headers,
  queryStringParameters: {},
  requestContext: { requestId: 'r1', identity: { sourceIp: '192.0.2.7' } },
  ...more,
});

const tokenEvent = (authorizationToken: unknown = `Bearer ${token}`, methodArn = `${api}/GET/todos`) => ({
  type: 'TOKEN',
  authorizationToken,
  methodArn,
});

const ada = { subject: 'ada', via: 'jwt', roles: 'todo-reader,todo-writer', client: '' };
const policy = (Effect: string, Resource: string) => ({
  policyDocument: { Version: '2012-10-17', Statement: [{ Action: 'execute-api:Invoke', Effect, Resource }] },
});
const denied = (resource: string) => ({ principalId: 'nobody', ...policy('Deny', resource) });
const allowed = (resource: string) => ({
  principalId: 'ada',
  ...policy('Allow', resource),
  context: ada,
});

describe('the authorizer of an HTTP API', () => {
  it('answers with the identity, each value as text', async () => {
    expect(await ask(httpEvent())).toEqual({ isAuthorized: true, context: ada });
  });

  it('answers with a policy for the whole stage, which may be cached for the credential', async () => {
    expect(await ask(httpEvent(), { answers: 'policy' })).toEqual(allowed(`${api}/*`));
  });

  it.each<[string, object]>([
    ['no credential', {}],
    ['a malformed token', { authorization: 'Bearer nonsense' }],
    ['two values joined by a comma', { authorization: `Bearer a,Bearer b` }],
  ])('denies %s in both forms of answer', async (_what, headers) => {
    expect(await ask(httpEvent(headers))).toEqual({ isAuthorized: false });
    expect(await ask(httpEvent(headers), { answers: 'policy' })).toEqual(denied(`${api}/*`));
  });

  it('answers payload 1.0 by a policy in any case, and throws only what was not checked', async () => {
    expect(await ask(restEvent(undefined, { version: '1.0' }))).toEqual(allowed(`${api}/*`));
    expect(await ask(restEvent({}, { version: '1.0' }))).toEqual(denied(`${api}/*`));
  });
});

describe('the authorizer of a REST API', () => {
  it('answers a REQUEST and a TOKEN authorizer by a policy, even where HTTP APIs get the simple answer', async () => {
    expect(await ask(restEvent())).toEqual(allowed(`${api}/*`));
    expect(await ask(tokenEvent())).toEqual(allowed(`${api}/*`));
  });

  it.each<[string, () => object]>([
    ['no credential', () => restEvent({})],
    ['headers that are null', () => restEvent({}, { headers: null, multiValueHeaders: null })],
    ['a malformed token', () => tokenEvent('Bearer nonsense')],
    ['no token', () => tokenEvent(null)],
    [
      'two Authorization headers, where it receives the last',
      () =>
        restEvent(undefined, { multiValueHeaders: { Authorization: ['Bearer other', `Bearer ${token}`] } }),
    ],
  ])('answers %s by throwing the word that becomes 401', async (_what, event) => {
    await expect(ask(event())).rejects.toThrow(/^Unauthorized$/);
  });

  it('denies by a policy, which becomes 403, where another credential would not help', async () => {
    const unregistered = await keys.minter.mint({ applicationId: undefined, roles: undefined });
    expect(await ask(tokenEvent(`Bearer ${unregistered}`))).toEqual(denied(`${api}/*`));
  });
});

describe('what could not be checked', () => {
  it.each<[string, () => object]>([
    ['an HTTP API', httpEvent],
    ['a REST API', restEvent],
    ['a TOKEN authorizer', tokenEvent],
  ])('is thrown to %s, so that it is never cached as a denial', async (_what, event) => {
    const guard = authenticatorOf({ FUSIONAUTH_URL: 'http://127.0.0.1:9' });
    for (const answers of ['simple', 'policy'] as const)
      await expect(ask(event(), { answers }, guard)).rejects.toThrow(/could not be checked/);
  });

  it('is thrown where an address has used up its attempts, because its credential may be valid', async () => {
    const throttled = {
      ...authenticator,
      authenticate: () => ({
        verdict: {
          ok: false as const,
          failure: { kind: 'throttled' as const, what: 'attempts' as const, retryAfterSeconds: 7 },
        },
      }),
    };
    await expect(ask(httpEvent(), {}, throttled)).rejects.toThrow(/could not be checked/);
    await expect(ask(tokenEvent(), {}, throttled)).rejects.toThrow(/could not be checked/);
  });

  it('is thrown where the subject cannot be passed to the API behind', async () => {
    const named = { ok: true as const, principal: principalOf('a\r\nb') };
    const guard = { ...authenticator, authenticate: () => ({ verdict: named }) };
    await expect(ask(httpEvent(), {}, guard)).rejects.toThrow(/could not be checked/);
  });

  const principalOf = (subject: string) => ({
    ...{ subject, issuer, kind: 'user' as const, via: 'jwt', roles: [], credentialId: 'c' },
  });
});

describe('with rules', () => {
  const rules = readRoleRules('GET /todos todo-reader; * /todos todo-owner; * /open *');
  const byRules = (event: object, settings: Partial<LambdaDoorSettings> = {}) =>
    ask(event, { rules, answers: 'policy', ...settings });
  const askedFor = (method: string, path: string, more: object = {}) =>
    restEvent(undefined, { methodArn: `${api}/${method}${path}`, httpMethod: method, path, ...more });

  it('answers only for the method and path that was asked about', async () => {
    expect(await byRules(askedFor('GET', '/todos/7'))).toEqual(allowed(`${api}/GET/todos/7`));
    expect(await byRules(httpEvent())).toEqual(allowed(`${api}/GET/todos`));
    expect(await byRules(tokenEvent())).toEqual(allowed(`${api}/GET/todos`));
  });

  it('answers for the root where the ARN has no path', async () => {
    const root = readRoleRules('GET / *');
    const answer = await byRules(tokenEvent(undefined, `${api}/GET`), { rules: root });
    expect(answer).toEqual(allowed(`${api}/GET`));
  });

  it('allows a caller who has one of several roles', async () => {
    const several = readRoleRules('GET /todos todo-owner,todo-reader');
    expect(await byRules(tokenEvent(), { rules: several })).toEqual(allowed(`${api}/GET/todos`));
  });

  it.each<[string, string]>([
    ['DELETE', '/todos/7'],
    ['GET', '/admin'],
    ['GET', '/'],
  ])('%s %s is denied where no rule, or none of its roles, allows it', async (method, path) => {
    expect(await byRules(askedFor(method, path))).toEqual(denied(`${api}/${method}${path}`));
  });

  it.each<[string, () => object]>([
    ['a path with a wildcard', () => askedFor('GET', '/open/*')],
    ['a path with a policy variable', () => askedFor('GET', '/open/${aws:userid}')],
    ['a path with dot segments', () => askedFor('GET', '/open/../todos')],
    ['another method in a header', () => withHeader('X-HTTP-Method-Override', 'DELETE')],
    ['another method in the event', () => askedFor('GET', '/open', { httpMethod: 'DELETE' })],
    ['another path in the event', () => askedFor('GET', '/open', { path: '/admin' })],
    ['a path in the event that reads in two ways', () => askedFor('GET', '/open', { path: '/x//open' })],
    ['a path in the ARN that reads in two ways', () => askedFor('GET', '/open//x', { path: '/open/x' })],
  ])('%s is refused', async (_what, event) => {
    await expect(byRules(event())).rejects.toThrow(/^Unauthorized$/);
    const asHttp = { ...event(), version: '1.0' };
    expect(JSON.stringify(await byRules(asHttp))).toContain('"Deny"');
  });

  it('the path of the event may begin with the stage, or with the base path of a domain', async () => {
    expect(await byRules(askedFor('GET', '/open/a', { path: '/base/open/a/' }))).toEqual(
      allowed(`${api}/GET/open/a`),
    );
  });

  it('are refused with simple answers that are cached, which would hold for every route', async () => {
    expect(() => lambdaAuthorizer(authenticator, { answers: 'simple', cached: true, rules })).toThrow(
      /with rules, use policy answers/,
    );
    expect(await ask(httpEvent(), { rules, cached: false })).toEqual({ isAuthorized: true, context: ada });
    const other = httpEvent(undefined, { routeArn: `${api}/GET/admin`, rawPath: '/prod/admin' });
    expect(await ask(other, { rules, cached: false })).toEqual({ isAuthorized: false });
  });

  const withHeader = (name: string, value: string) =>
    restEvent(
      { Authorization: `Bearer ${token}`, [name]: value },
      { methodArn: `${api}/GET/open`, path: '/open' },
    );
});

describe('an event', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['text', 'x'],
    ['an event of another kind', { type: 'REQUEST', Records: [] }],
    ['one of a WebSocket API', { type: 'REQUEST', methodArn: `${api}/$connect` }],
    ['one without a type', { methodArn: `${api}/GET/todos` }],
    ['an ARN of another service', { type: 'TOKEN', methodArn: 'arn:aws:lambda:eu-west-1:1:function:x' }],
  ])('is rejected with an error where it is %s', async (_what, event) => {
    await expect(ask(event as object)).rejects.toThrow(/^The event/);
  });

  it('refuses a credential in the query, sent as text or as names', async () => {
    const asText = httpEvent(undefined, { rawQueryString: 'access_token=x' });
    expect(await ask(asText)).toEqual({ isAuthorized: false });
    const asNames = restEvent(undefined, { queryStringParameters: { page: '1', access_token: 'x' } });
    await expect(ask(asNames)).rejects.toThrow(/^Unauthorized$/);
  });

  it('says which request is judged, and from which address', () => {
    const request = { requestId: 'r1', address: '192.0.2.7', method: 'GET' };
    const http = readQuestion(httpEvent({}, { cookies: ['a=1', 'b=2'] })).facts;
    expect(http).toMatchObject({ ...request, url: '/prod/todos?' });
    expect(http.header('cookie')).toEqual(['a=1', 'b=2']);
    expect(readQuestion(restEvent()).facts).toMatchObject({ ...request, url: '/todos?' });
    expect(readQuestion(tokenEvent(7)).facts).toMatchObject({ address: '', method: 'GET', url: '/todos' });
    expect(readQuestion(tokenEvent(7)).facts.header('authorization')).toEqual([]);
  });

  it.each([
    ['a TOKEN event', tokenEvent()],
    ['an event without a context', restEvent({}, { requestContext: undefined })],
  ])('gets an id of its own where it is %s', (_what, event) => {
    expect(readQuestion(event).facts.requestId).toMatch(/^[\da-f-]{36}$/);
  });

  it('is judged after the key set was fetched where that is due, without a timer', async () => {
    const guard = authenticatorOf();
    expect(guard.readiness().ready).toBe(false);
    await expect(ask(tokenEvent('Bearer nonsense'), {}, guard)).rejects.toThrow(/^Unauthorized$/);
    expect(guard.readiness().ready).toBe(true);
  });
});

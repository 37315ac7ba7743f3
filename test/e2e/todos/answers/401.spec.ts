import { apiClient, type Client, expectProblem } from '../../../support/api-client.js';
import { world } from './world.js';

let stranger: Client;
let ada: Client;
beforeAll(async () => {
  stranger = apiClient(world.api.url);
  ada = apiClient(world.api.url, await world.tokenOf('ada'));
});

const open = ['/livez', '/readyz', '/openapi.json', '/.well-known/oauth-protected-resource'];
/** Pages for people, which the API's description leaves out: the root, the error codes, and Swagger UI with its assets. */
const isDocsPage = (path: string) => ['/', '/docs'].includes(path) || path.startsWith('/docs/');
const pathOf = (pattern: string) => pattern.replace(':id', '01a20116-91a2-75be-ad2a-92ef93d57ed5');

describe('every route', () => {
  it('is on the list of open routes, or answers 401 without a credential', async () => {
    const guarded = world.api.routes.filter(({ path }) => !open.includes(path) && !isDocsPage(path));
    expect(guarded.map(({ method, path }) => `${method} ${path}`).toSorted()).toEqual(
      ['GET /me', 'GET /todos', 'GET /todos/:id', 'HEAD /me', 'HEAD /todos', 'HEAD /todos/:id']
        .concat(['PATCH /todos/:id', 'POST /todos', 'DELETE /todos/:id'])
        .toSorted(),
    );
    for (const { method, path } of guarded) {
      const answer = await stranger(method, pathOf(path));
      if (method === 'HEAD') expect(answer.status).toBe(401);
      else expectProblem(answer, { status: 401, code: 'credential_required' });
      expect(answer.headers.get('www-authenticate')).toMatch(
        /^Bearer realm="todo-api", resource_metadata="http/,
      );
    }
  });

  it('on that list answers without a credential', async () => {
    for (const path of [...open, '/', '/docs']) expect((await stranger('GET', path)).status).toBe(200);
  });

  it('is described by the OpenAPI document, and nothing else is', async () => {
    const { paths } = (await stranger('GET', '/openapi.json')).body as { paths: Record<string, object> };
    const described = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const registered = world.api.routes
      .filter(({ method, path }) => method !== 'HEAD' && !isDocsPage(path))
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`);
    expect(described.toSorted()).toEqual(registered.toSorted());
  });

  it('has no dangling reference in its description', async () => {
    const document = (await stranger('GET', '/openapi.json')).body;
    const references = JSON.stringify(document)
      .match(/"\$ref":"[^"]+"/g)!
      .map((text) => text.slice(8, -1));
    expect(references).toContain('#/components/schemas/Todo');
    for (const reference of new Set(references)) {
      const target = reference
        .split('/')
        .slice(1)
        .reduce((at, key) => at?.[key], document);
      expect({ reference, target }).toEqual({
        reference,
        target: expect.objectContaining(
          reference.includes('/schemas/') ? { type: 'object' } : { description: expect.any(String) },
        ),
      });
    }
  });

  it('that is open says so in the description; all others name the enabled scheme', async () => {
    const document = (await stranger('GET', '/openapi.json')).body;
    expect(document.openapi).toBe('3.1.0');
    expect(document.security).toEqual([{ jwt: [] }]);
    expect(Object.keys(document.components.securitySchemes)).toEqual(['jwt']);
    for (const [path, operations] of Object.entries<Record<string, { security?: unknown }>>(document.paths)) {
      for (const { security } of Object.values(operations))
        expect({ path, security }).toEqual({ path, security: open.includes(path) ? [{}] : undefined });
    }
  });
});

describe('a credential that is not accepted', () => {
  it.each(['not.a.token', 'eyJhbGciOiJub25lIn0.e30.', 'opaque-0123456789'])(
    'is answered 401 invalid_token: %s',
    async (token) => {
      const answer = await apiClient(world.api.url, token)('GET', '/me');
      expectProblem(answer, { status: 401, code: 'invalid_token' });
      expect(answer.headers.get('www-authenticate')).toMatch(/error="invalid_token"/);
      expect(JSON.stringify(answer.body)).not.toContain(token);
      expect((await ada('GET', '/me')).status).toBe(200);
    },
  );

  it.each([
    ['invalid fields', '{"title":""}', 'application/json'],
    ['broken JSON', '{', 'application/json'],
    ['a form', 'title=x', 'application/x-www-form-urlencoded'],
    ['200 kB', JSON.stringify({ title: 'x'.repeat(200_000) }), 'application/json'],
  ])('is refused before the body is read, at every route: %s', async (_what, raw, type) => {
    const sent = { raw, headers: { 'content-type': type } };
    const routes = world.api.routes.filter(({ method }) => !['GET', 'HEAD'].includes(method));
    expect(routes.length).toBeGreaterThan(2);
    for (const { method, path } of routes) {
      const answer = await stranger(method, pathOf(path), sent);
      expectProblem(answer, { status: 401, code: 'credential_required' });
      expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm=/);
      const refused = await apiClient(world.api.url, 'not.a.token')(method, pathOf(path), sent);
      expectProblem(refused, { status: 401, code: 'invalid_token' });
    }
  });
});

describe('the protected resource metadata', () => {
  it('is where the challenge points, and names the resource and its authorization server (OA-14)', async () => {
    const challenge = (await stranger('GET', '/me')).headers.get('www-authenticate')!;
    const [, url] = /resource_metadata="([^"]+)"/.exec(challenge)!;
    expect(await (await fetch(url!)).json()).toEqual({
      resource: world.api.url,
      resource_name: 'Todo API',
      authorization_servers: [world.sandbox.url],
      bearer_methods_supported: ['header'],
    });
  });
});

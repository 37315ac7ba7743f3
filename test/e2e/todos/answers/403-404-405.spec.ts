import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { apiClient, type Client, expectProblem } from '../../../support/api-client.js';
import { lines, world } from './world.js';

/** Sends the path unchanged; fetch would resolve its dot segments. */
const exactly = async (method: string, path: string) => {
  const { hostname, port } = new URL(world.api.url);
  const sent = request({ hostname, port, method, path }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  return { status: response.statusCode ?? 0, type: response.headers['content-type'] };
};

const names = ['ada', 'bruno', 'reminder', 'analytics', 'calendar-syncer'] as const;
type Name = (typeof names)[number];

describe('each client, of its own todos and of others', () => {
  let as: Record<Name, Client>;
  let adasTodo: string;
  let todoOfBruno: string;
  beforeAll(async () => {
    const clients = names.map(
      async (name) => [name, apiClient(world.api.url, await world.tokenOf(name))] as const,
    );
    as = Object.fromEntries(await Promise.all(clients)) as typeof as;
    const add = async (name: Name) =>
      `/todos/${(await as[name]('POST', '/todos', { json: { title: 'Mine' } })).body.id}`;
    adasTodo = await add('ada');
    todoOfBruno = await add('bruno');
  });

  const forbidden = { status: 403, code: 'insufficient_scope' };
  const notFound = { status: 404, code: 'not_found' };

  describe('403: the role is missing', () => {
    it.each(['reminder', 'analytics'] as const)('%s, who may only read, writes nothing', async (name) => {
      const attempts = [
        as[name]('POST', '/todos', { json: { title: 'x' } }),
        as[name]('PATCH', adasTodo, { json: { title: 'x' } }),
        as[name]('DELETE', adasTodo),
      ];
      for (const answer of await Promise.all(attempts)) {
        expectProblem(answer, forbidden);
        expect(answer.headers.get('www-authenticate')).toMatch(
          /error="insufficient_scope", scope="todo-writer"/,
        );
      }
      expect((await as.ada('GET', adasTodo)).body.title).toBe('Mine');
    });

    it('owner=everyone is for auditors: a reader gets 403 instead of their own list', async () => {
      const answer = await as.ada('GET', '/todos?owner=everyone');

      expectProblem(answer, forbidden);
      expect(answer.body.detail).toContain('todo-auditor');
      expect((await as.analytics('GET', '/todos?owner=everyone')).status).toBe(200);
    });

    it('roles without permissions on todos may read /me only', async () => {
      const { sandbox } = world;
      const { subject } = (await as['calendar-syncer']('GET', '/me')).body;
      const registration = `${sandbox.url}/api/user/registration/${subject}`;
      const changed = await fetch(registration, {
        method: 'PUT',
        headers: {
          authorization: sandbox.secrets['FUSIONAUTH_MANAGER_KEY']!,
          'content-type': 'application/json',
        },
        body: JSON.stringify({
          registration: { applicationId: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c', roles: ['portal-admin'] },
        }),
      });
      expect(changed.status).toBe(200);
      const admin = apiClient(world.api.url, await world.tokenOf('calendar-syncer'));
      expect((await admin('GET', '/me')).status).toBe(200);
      expectProblem(await admin('GET', '/todos'), forbidden);
      expectProblem(await admin('GET', adasTodo), forbidden);
    });
  });

  describe('404: it does not exist, for this caller', () => {
    it("another owner's todo is answered like one that never existed", async () => {
      const unknown = '/todos/01a20116-91a2-75be-ad2a-92ef93d57ed5';
      for (const path of [todoOfBruno, unknown]) {
        const answers = [
          await as.ada('GET', path),
          await as.ada('PATCH', path, { json: { title: 'x' } }),
          await as.ada('PATCH', path, { json: { title: 'x' }, headers: { 'if-match': '*' } }),
          await as.ada('DELETE', path),
          await as.ada('DELETE', path, { headers: { 'if-match': '"1"' } }),
        ];
        for (const answer of answers) expectProblem(answer, notFound);
      }
      expect((await as.bruno('GET', todoOfBruno)).body).toMatchObject({ title: 'Mine', version: 1 });
    });

    it('an auditor may read it, but not change it', async () => {
      for (const name of ['reminder', 'analytics'] as const)
        expect((await as[name]('GET', todoOfBruno)).body.title).toBe('Mine');
    });

    it('a todo that was removed is gone', async () => {
      const { id } = (await as.ada('POST', '/todos', { json: { title: 'Short' } })).body;
      expect((await as.ada('DELETE', `/todos/${id}`)).status).toBe(204);
      expectProblem(await as.ada('GET', `/todos/${id}`), notFound);
      expectProblem(await as.ada('DELETE', `/todos/${id}`), notFound);
    });

    it.each(['/nothing', '/todos/', '//todos', '/Todos', '/todos/../etc/passwd', '/docs/errors/../../x'])(
      'the path %s does not exist, and is not repeated',
      async (path) => {
        const response = await as.ada('GET', path);
        expectProblem(response, notFound);
        expect(response.body.detail).toBe('There is nothing at this path.');
      },
    );
  });

  describe('404: below the page of the description', () => {
    it.each([
      ['dot segments', '/docs/../../etc/passwd'],
      ['encoded dot segments', '/docs/%2e%2e/%2e%2e/etc/passwd'],
      ['dot segments behind a slash', '/docs/..%2f..%2fpackage.json'],
      ['a hidden file', '/docs/.env'],
      ['an empty segment', '/docs//x'],
      ['an empty segment at the end', '/docs/x//'],
      ['a NUL', '/docs/a%00b'],
      ['a backslash', '/docs/..%5c..%5cx'],
      ['a very long name', `/docs/${'x'.repeat(3_000)}`],
      ['a name that is not UTF-8', '/docs/%ff'],
    ])('%s', async (_what, path) => {
      for (const method of ['GET', 'HEAD', 'POST']) {
        const answer = await exactly(method, path);
        expect([400, 404, 405, 414]).toContain(answer.status);
        expect(answer.type).toMatch(/^application\/problem\+json/);
      }
      expect(lines.join('')).not.toContain('internal_error');
    });
  });

  describe('405: the path exists, the method does not', () => {
    it.each([
      ['PUT', '/todos', 'GET, HEAD, POST'],
      ['DELETE', '/todos', 'GET, HEAD, POST'],
      ['OPTIONS', '/todos', 'GET, HEAD, POST'],
      ['PUT', '/todos/01a20116-91a2-75be-ad2a-92ef93d57ed5', 'GET, HEAD, PATCH, DELETE'],
      ['POST', '/livez', 'GET, HEAD'],
    ])('%s %s names the allowed methods: %s', async (method, path, allowed) => {
      const answer = await as.ada(method, path);
      expectProblem(answer, { status: 405, code: 'method_not_allowed' });
      expect(answer.headers.get('allow')).toBe(allowed);
    });
  });
});

import { callAdmin } from '../../contract/contract-world.js';
import { issueAccessToken } from '../../contract/people.js';
import { codeOf, type Gate, type Ground, type Header, startGround } from './ground.js';

describe('the request that a proxy describes', () => {
  let ground: Ground;
  let gate: Gate;
  let reader: Header[];

  beforeAll(async () => {
    ground = await startGround();
    gate = await ground.open({
      ROLE_RULES: 'GET /todos todo-reader,todo-auditor\n* /todos todo-writer; * /admin portal-admin; GET / *',
    });
    const { sandbox } = ground;
    const admin = <T>(method: string, path: string, body?: unknown) =>
      callAdmin<T>(sandbox, method, path, body);
    const { headers } = await issueAccessToken({ sandbox, admin }, { roles: ['todo-reader'] });
    reader = [['Authorization', headers['authorization']!]];
  });
  afterAll(() => ground.close());

  it.each([
    ['GET', '/todos', 200],
    ['HEAD', '/todos/', 200],
    ['GET', '/todos/1?x=%2e%2e/|{}', 200],
    ['GET', '/t%6Fdos/%20%C3%BC', 200],
    ['DELETE', '/todos/1', 403],
    ['POST', '/t%6fdos', 403],
    ['GET', '/admin', 403],
    ['GET', '/ADMIN/x', 403],
    ['GET', '/%61dmin', 403],
    // cspell:ignore todosx
    ['GET', '/todosx', 200],
    ['POST', '/todosx', 403],
    ['GET', '/', 200],
    ['OPTIONS', '/', 403],
  ])('is decided by the first rule that covers it: %s %s is %i', async (method, uri, status) => {
    const answer = await gate.ask(method, uri, reader);
    expect(answer.status).toBe(status);
    if (status === 403) expect(codeOf(answer)).toBe('insufficient_scope');
  });

  it.each([
    'todos',
    '*',
    'http://127.0.0.1/todos',
    '//todos',
    '/todos//admin',
    '/todos/../admin',
    '/todos/./1',
    '/todos/..',
    '/todos/%2e%2E/admin',
    '/todos/.%2e/admin',
    '/todos/%252e%252e/admin',
    '/todos%2Fadmin',
    '/todos%5Cadmin',
    '/todos\\admin',
    '/todos/..;/admin',
    '/admin;x',
    '/admin%3Bx',
    '/admin%00',
    '/admin%0A',
    '/admin%',
    '/admin%zz',
    '/admin%ff',
    '/admin#x',
    '/todos?x#/admin',
    '/adm in',
    '/\u00e4',
  ])('is refused if two servers could read it differently: %s', async (uri) => {
    const answer = await gate.ask('GET', uri, reader);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
  });

  it.each(['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'])(
    'is refused if %s would change its method',
    async (name) => {
      expect((await gate.ask('GET', '/todos', [...reader, [name, 'DELETE']])).status).toBe(400);
    },
  );

  it.each(['get', 'G T', 'GET,POST', '-'])('is refused if its method is %j', async (method) => {
    expect((await gate.ask(method, '/todos', reader)).status).toBe(400);
  });

  describe('where rules name hosts', () => {
    let hosts: Gate;
    let original: Gate;
    const ROLE_RULES =
      'GET orders.example.com/ *; * /shared todo-reader; * Todos.example.com/todos todo-reader; * todos.example.com/ portal-admin';
    beforeAll(async () => {
      hosts = await ground.open({ ROLE_RULES });
      original = await ground.open({ ROLE_RULES, FORWARDED_HEADERS: 'x-original' });
    });

    it.each([
      ['orders.example.com', '/todos', 200],
      ['ORDERS.example.com:8443', '/todos', 200],
      ['todos.example.com', '/todos/1', 200],
      ['todos.example.com', '/orders', 403],
      ['todos.example.com', '/shared', 200],
      ['orders.example.com', '/shared', 200],
      ['unknown.example.com', '/shared', 403],
      ['example.com', '/todos', 403],
      ['x.todos.example.com', '/todos', 403],
      ['todos.example.com.', '/todos', 400],
      ['todos.example.com:', '/todos', 400],
      ['todos.example.com,orders.example.com', '/todos', 400],
      ['todos.example.com@x', '/todos', 400],
      ['[::1]', '/todos', 400],
      ['', '/todos', 400],
    ])('a request to %s%s is %i', async (host, uri, status) => {
      const answer = await hosts.ask('GET', uri, [...reader, ['X-Forwarded-Host', host]]);
      expect(answer.status).toBe(status);
    });

    it('a request is refused if the proxy sends no host, or two', async () => {
      expect((await hosts.ask('GET', '/todos', reader)).status).toBe(400);
      const name: Header = ['X-Forwarded-Host', 'orders.example.com'];
      expect((await hosts.ask('GET', '/todos', [...reader, name, name])).status).toBe(400);
    });

    it('the host is read from the one family of headers that the proxy sets', async () => {
      const ask = (host: string, other: string) =>
        original.send('/verify', [
          ['X-Original-Method', 'GET'],
          ['X-Original-URI', '/orders'],
          ['X-Original-Host', host],
          ['X-Forwarded-Host', other],
          ...reader,
        ]);
      expect((await ask('orders.example.com', 'unknown.example.com')).status).toBe(200);
      expect((await ask('unknown.example.com', 'orders.example.com')).status).toBe(403);
    });
  });

  it('is open to every accepted credential if there are no rules', async () => {
    const open = await ground.open();
    expect((await open.ask('DELETE', '/admin', reader)).status).toBe(200);
    expect((await open.ask('DELETE', '/admin')).status).toBe(401);
  });
});

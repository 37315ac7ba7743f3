import { randomUUID } from 'node:crypto';
import { callAdmin } from '../../contract/contract-world.js';
import { issueAccessToken } from '../../contract/people.js';
import { codeOf, type Gate, type Ground, type Header, startGround } from './ground.js';

const identity = ['x-auth-subject', 'x-auth-via', 'x-auth-roles', 'x-auth-client'];

describe('GET /verify', () => {
  let ground: Ground;
  let gate: Gate;
  let token: Header;
  let subject: string | undefined;

  beforeAll(async () => {
    ground = await startGround();
    gate = await ground.open();
    const issued = await newToken(['todo-reader', 'todo-writer']);
    token = ['Authorization', issued.headers['authorization']!];
    subject = issued.userId;
  });
  afterAll(() => ground.close());

  const newToken = (roles: string[]) => {
    const admin = <T>(method: string, path: string, body?: unknown) =>
      callAdmin<T>(ground.sandbox, method, path, body);
    return issueAccessToken({ sandbox: ground.sandbox, admin }, { roles });
  };

  it('accepts with 200, an empty body, and one line for each identity header, even an empty one', async () => {
    const { status, headers, lines, body } = await gate.ask('GET', '/todos?limit=1', [token]);
    expect([status, body, headers['content-length']]).toEqual([200, '', '0']);
    expect(lines.filter(([name]) => identity.includes(name.toLowerCase()))).toEqual([
      ['x-auth-subject', subject],
      ['x-auth-via', 'jwt'],
      ['x-auth-roles', 'todo-reader,todo-writer'],
      ['x-auth-client', ''],
    ]);
  });

  it('marks every response as its own, and makes none cacheable or conditional', async () => {
    const answers = [
      await gate.ask('GET', '/todos', [token, ['If-None-Match', '*']]),
      await gate.ask('PUT', '/todos', [token, ['If-None-Match', '*'], ['Range', 'bytes=0-1']]),
      await gate.ask('GET', '/todos'),
      await gate.ask('GET', '/%2e%2e/todos', [token]),
    ];
    expect(answers.map(({ status, headers }) => [status, headers['x-auth-verdict']])).toEqual([
      [200, 'accepted'],
      [200, 'accepted'],
      [401, 'refused'],
      [400, 'refused'],
    ]);
    for (const { headers } of answers) {
      expect(headers['cache-control']).toBe('no-store');
      expect(headers).not.toHaveProperty('etag');
    }
  });

  it('measures the duration of every response, by status', async () => {
    const counted = await ground.open();
    await counted.ask('GET', '/todos', [token]);
    await counted.ask('GET', '/todos', [token]);
    await counted.ask('GET', '/todos');
    const shown = await (await fetch(counted.metricsUrl)).text();
    const of = (status: number) =>
      `http_request_duration_seconds_count{method="GET",route="/verify",status="${status}"}`;
    expect(shown.split('\n')).toEqual(expect.arrayContaining([`${of(200)} 2`, `${of(401)} 1`]));
  });

  it('accepts any method and any path below its own, as Envoy sends them, and judges neither', async () => {
    const ruled = await ground.open({ ROLE_RULES: 'GET /open *' });
    const question: Header[] = [['X-Forwarded-Method', 'GET'], ['Content-Length', '0'], token];
    for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']) {
      const open = await ruled.send(
        '/verify/closed?a=b',
        [['X-Forwarded-Uri', '/open'], ...question],
        method,
      );
      expect([method, open.status, open.headers['x-auth-verdict']]).toEqual([method, 200, 'accepted']);
      const closed = await ruled.send('/verify/open', [['X-Forwarded-Uri', '/closed'], ...question], method);
      expect([method, closed.status, closed.headers['x-auth-verdict']]).toEqual([method, 403, 'refused']);
    }
    const unreadable = await ruled.send('/verify/%', [['X-Forwarded-Uri', '/%'], ...question]);
    expect([unreadable.status, unreadable.headers['x-auth-verdict']]).toEqual([400, 'refused']);
    for (const other of ['/', '/verified', '/livez'])
      expect((await ruled.send(other, question)).headers).not.toHaveProperty('x-auth-verdict');
  });

  it('refuses as problem+json, with the challenges of all strategies in one header', async () => {
    const both = await ground.open({
      AUTH_STRATEGY: 'jwt,api-key',
      FUSIONAUTH_PROBE_GROUP_ID: randomUUID(),
      PRINCIPAL_KEY: 'k'.repeat(32),
    });
    const answer = await both.ask('GET', '/todos');
    expect([answer.status, codeOf(answer)]).toEqual([401, 'credential_required']);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    const challenges = answer.lines.filter(([name]) => name.toLowerCase() === 'www-authenticate');
    expect(challenges).toHaveLength(1);
    expect(challenges[0]?.[1]).toMatch(/^Bearer realm="forward-auth".*, \w+ realm="forward-auth"/);
    const forged = await gate.ask('GET', '/todos', { authorization: 'Bearer x.y.z' });
    expect([forged.status, codeOf(forged)]).toEqual([401, 'invalid_token']);
  });

  it('refuses without a body for a proxy that would open another connection for one', async () => {
    const { status, headers, body } = await gate.send('/verify?body=none', [
      ['X-Forwarded-Method', 'GET'],
      ['X-Forwarded-Uri', '/todos'],
    ]);
    expect([status, body, headers['content-length'], headers['content-type']]).toEqual([
      401,
      '',
      '0',
      undefined,
    ]);
    expect(headers['www-authenticate']).toMatch(/^Bearer /);
  });

  it('answers trusted proxies only, by the address of the connection and not by a header', async () => {
    const other = await ground.open({ TRUSTED_PROXIES: '192.0.2.0/24' });
    const answer = await other.ask('GET', '/todos', [token, ['X-Forwarded-For', '192.0.2.1']]);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'untrusted_proxy']);
    expect(answer.headers).not.toHaveProperty('x-auth-subject');
  });

  it.each(['X-Auth-Subject', 'x_auth_roles', 'X-Auth_Via', 'X.Auth.Client', 'X-AUTH-VERDICT'])(
    'refuses a request that claims an identity by %s',
    async (name) => {
      const answer = await gate.ask('GET', '/todos', [token, [name, 'somebody']]);
      expect([answer.status, codeOf(answer)]).toEqual([400, 'invalid_request']);
    },
  );

  it('refuses a credential or a description of the request that comes twice, or is missing', async () => {
    const uri: Header = ['X-Forwarded-Uri', '/todos'];
    const method: Header = ['X-Forwarded-Method', 'GET'];
    const questions: Header[][] = [
      [method, uri, token, token],
      [method, uri, ['X-Forwarded-Uri', '/admin'], token],
      [method, method, uri, token],
      [method, token],
      [uri, token],
      [method, ['X-Forwarded-Uri', ''], token],
      [['X-Original-Method', 'GET'], ['X-Original-URI', '/todos'], token],
    ];
    for (const question of questions) expect((await gate.send('/verify', question)).status).toBe(400);
  });

  it('reads only the header family that the proxy sets, not what its client put into the other', async () => {
    const original = await ground.open({ FORWARDED_HEADERS: 'x-original', ROLE_RULES: 'GET /todos *' });
    const ask = (uri: string, others: string) =>
      original.send('/verify', [
        ['X-Original-Method', 'GET'],
        ['X-Original-URI', uri],
        ['X-Forwarded-Method', 'GET'],
        ['X-Forwarded-Uri', others],
        token,
      ]);
    expect((await ask('/todos', '/admin')).status).toBe(200);
    expect((await ask('/admin', '/todos')).status).toBe(403);
  });

  it('refuses a token in the query of the client’s request', async () => {
    expect((await gate.ask('GET', `/todos?access_token=${token[1]}`.replace(' ', ''))).status).toBe(400);
  });

  it('accepts a preflight of a browser, and no other request without a credential', async () => {
    const origin: Header = ['Origin', 'https://app.example.com'];
    const wants: Header = ['Access-Control-Request-Method', 'DELETE'];
    const { status, headers } = await gate.ask('OPTIONS', '/todos', [origin, wants]);
    expect(status).toBe(200);
    expect(identity.map((name) => headers[name])).toEqual(['', '', '', '']);
    const forged: Header = ['Authorization', 'Bearer x.y.z'];
    const others: [string, Header[]][] = [
      ['OPTIONS', [origin]],
      ['OPTIONS', [wants]],
      ['OPTIONS', [origin, wants, wants]],
      ['GET', [origin, wants]],
      ['OPTIONS', [origin, wants, forged]],
    ];
    for (const [method, headers] of others)
      expect((await gate.ask(method, '/todos', headers)).status).toBe(401);
    expect((await gate.ask('OPTIONS', '/a/../b', [origin, wants])).status).toBe(400);
  });

  it('accepts headers as large as proxies forward, and answers 431 to larger ones, marked as its own', async () => {
    const filled = (kilobytes: number): Header[] =>
      Array.from({ length: kilobytes / 8 }, (_, index) => [`X-Filler-${index}`, 'f'.repeat(8_000)]);
    expect((await gate.ask('GET', '/todos', [token, ...filled(40)])).status).toBe(200);
    const { status, headers } = await gate.ask('GET', '/todos', [token, ...filled(80)]);
    expect([status, headers['x-auth-verdict']]).toEqual([431, 'refused']);
  });

  it('requires an allowed origin for a cookie by the method of the client’s request, not of the proxy’s', async () => {
    const cookies = await ground.open({
      TOKEN_LOCATION: 'cookie',
      ALLOWED_ORIGINS: 'https://app.example.com',
    });
    const cookie: Header = ['Cookie', `app.at=${token[1].replace('Bearer ', '')}`];
    expect((await cookies.ask('GET', '/todos', [cookie])).status).toBe(200);
    const answer = await cookies.ask('POST', '/todos', [cookie]);
    expect([answer.status, codeOf(answer)]).toEqual([403, 'csrf_refused']);
    expect(
      (await cookies.ask('POST', '/todos', [cookie, ['Origin', 'https://app.example.com']])).status,
    ).toBe(200);
  });
});

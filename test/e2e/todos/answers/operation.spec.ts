import { parseConfig } from '#gatehouse/platform';
import { todoApiSchema } from '../../../../apps/todo-api/src/config.js';
import { startTodoApi, type TodoApi } from '../../../../apps/todo-api/src/start-todo-api.js';
import { apiClient, type Client } from '../../../support/api-client.js';
import { lines, log, world } from './world.js';

let token: string;
let ada: Client;
beforeAll(async () => {
  token = await world.tokenOf('ada');
  ada = apiClient(world.api.url, token);
});

interface RequestLine {
  readonly msg: string;
  readonly requestId: string;
  readonly [field: string]: unknown;
}
const requestLine = (requestId: string | null) =>
  lines
    .map((line) => JSON.parse(line) as RequestLine)
    .filter((line) => line.msg === 'request' && line.requestId === requestId);

describe('the log', () => {
  it('has one line for each request, with its route but not its URL, and the id of the credential', async () => {
    const { body } = await ada('POST', '/todos', { json: { title: 'Secret plan' } });
    lines.length = 0;
    const answer = await ada('GET', `/todos/${body.id}`);
    const written = requestLine(answer.headers.get('x-request-id'));
    expect(written).toEqual([
      expect.objectContaining({
        level: 'info',
        method: 'GET',
        route: '/todos/:id',
        status: 200,
        milliseconds: expect.any(Number),
        via: 'jwt',
        credentialId: expect.any(String),
      }),
    ]);
    expect(lines.join('')).not.toMatch(new RegExp(`${body.id}|Secret plan|ada@example|${token.slice(-20)}`));
  });

  it('has one for refusals too, without the refused credential', async () => {
    lines.length = 0;
    const refused = await apiClient(world.api.url, 'hunter2-hunter2')('GET', '/todos?status=hunter2');
    const unknown = await ada('GET', '/hunter2');
    expect(requestLine(refused.headers.get('x-request-id'))).toMatchObject([
      { route: '/todos', status: 401, code: 'invalid_token' },
    ]);
    expect(requestLine(unknown.headers.get('x-request-id'))).toMatchObject([
      { route: 'unmatched', status: 404, code: 'not_found' },
    ]);
    expect(lines.join('')).not.toContain('hunter2');
  });
});

describe('the address of a caller', () => {
  it('is not taken from X-Forwarded-For of an untrusted peer', async () => {
    lines.length = 0;
    await apiClient(world.api.url)('GET', '/todos', { headers: { 'x-forwarded-for': '198.51.100.7' } });
    expect(lines.join('')).toMatch(/"address":"(?:::ffff:)?127\.0\.0\.1"/);
  });
});

describe('the metrics', () => {
  it('count requests by route and status, on a port of their own', async () => {
    await ada('GET', '/todos');
    const text = await (await fetch(world.api.metricsUrl)).text();
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/todos",status="200"\} \d+/,
    );
    expect(text).toMatch(/process_cpu_seconds_total/);
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    expect((await ada('GET', '/metrics')).status).toBe(404);
  });
});

describe('every response', () => {
  it.each(['/todos', '/nothing', '/livez', '/docs', '/openapi.json'])(
    'tells browsers to allow it nothing: %s',
    async (path) => {
      const { headers } = await ada('GET', path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';frame-ancestors 'none'/);
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get('x-powered-by')).toBeNull();
    },
  );

  it('to HEAD is like that to GET, without the body', async () => {
    const head = await ada('HEAD', '/todos');
    expect(head).toMatchObject({ status: 200, body: undefined });
    expect(head.headers.get('content-length')).toBe(
      (await ada('GET', '/todos')).headers.get('content-length'),
    );
  });
});

describe('the Swagger UI', () => {
  it('calls the API where the page was read from', async () => {
    expect((await ada('GET', '/openapi.json')).body.servers).toEqual([{ url: '/' }]);
  });

  it('shows the description with the enabled security scheme', async () => {
    expect((await ada('GET', '/docs')).body).toMatch(/<title>Swagger UI/);
    expect((await ada('GET', '/docs/swagger-ui-init.js')).body).toMatch(/"bearerFormat": "JWT"/);
  });
});

describe('a second Todo API', () => {
  const start = (env: object): Promise<TodoApi> =>
    startTodoApi(parseConfig(todoApiSchema, { ...world.env, ...env }), { log });

  it('on the same data directory is refused with exit code 75 and advice', async () => {
    const embedded = { DATABASE_URL: undefined };
    // If the world uses a server, the directory is not locked yet.
    const holder = world.env['DATABASE_URL'] ? await start(embedded) : undefined;
    await expect(start(embedded)).rejects.toMatchObject({
      exitCode: 75,
      message: expect.stringContaining('DATABASE_URL'),
    });
    await holder?.close();
  });

  it('on the same port is refused with a sentence, and leaves nothing behind', async () => {
    const DATABASE_URL = 'postgresql://nobody@127.0.0.1:1/none';
    const PORT = new URL(world.api.url).port;
    const attempt = start({ PORT, METRICS_PORT: '0', DATABASE_URL });
    await expect(attempt).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/^Port \d+ is in use/),
    });
    expect((await ada('GET', '/livez')).status).toBe(200);
  });
});

const publicUrl = 'https://todos.example/api';

describe('the Todo API once the first has closed', () => {
  let kept: unknown;
  let next: TodoApi;
  let client: Client;
  beforeAll(async () => {
    kept = (await ada('POST', '/todos', { json: { title: 'Kept' } })).body;
    await world.api.close();
    const settings = {
      DOCS: '0',
      PUBLIC_URL: publicUrl,
      ALLOWED_ORIGINS: 'https://app.example.com',
      TRUSTED_PROXIES: '127.0.0.1',
    };
    next = await startTodoApi(parseConfig(todoApiSchema, { ...world.env, ...settings }), { log });
    client = apiClient(next.url, token);
  });
  afterAll(() => next.close());

  it('finds its todos', async () => {
    expect((await client('GET', `/todos/${(kept as { id: string }).id}`)).body).toEqual(kept);
  });

  it('shows no description with DOCS=0', async () => {
    for (const path of ['/docs', '/docs/', '/openapi.json'])
      expect((await client('GET', path)).status).toBe(404);
    expect((await client('GET', '/livez')).headers.get('content-security-policy')).not.toMatch(/script-src/);
  });

  it('explains its error codes with DOCS=0 too, because every problem links there', async () => {
    const page = await client('GET', '/docs/errors/not_found');
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/markdown; charset=utf-8']);
  });

  it('behind a prefix links to its public address in every response', async () => {
    const created = await client('POST', '/todos', { json: { title: 'Linked' } });
    expect(created.headers.get('location')).toBe(`${publicUrl}/todos/${created.body.id}`);
    const refused = await apiClient(next.url)('GET', '/todos');
    expect(refused.body.type).toBe(`${publicUrl}/docs/errors/credential_required`);
    expect((await client('GET', '/todos/%zz')).body.type).toBe(`${publicUrl}/docs/errors/invalid_request`);
    expect((await client('GET', '/nothing')).body.type).toBe(`${publicUrl}/docs/errors/not_found`);
    // The proxy strips the prefix, and forwards the well-known path as it is.
    const wellKnown = '/.well-known/oauth-protected-resource/api';
    expect(refused.headers.get('www-authenticate')).toContain(
      `resource_metadata="https://todos.example${wellKnown}"`,
    );
    expect((await apiClient(next.url)('GET', wellKnown)).body.resource).toBe(publicUrl);
    expect((await apiClient(next.url)('GET', wellKnown.replace('/api', '/other'))).status).toBe(404);
  });

  it('lets only scripts of an allowed origin read its responses, including refusals', async () => {
    const from = async (origin: string, bearer: string) => {
      const answer = await apiClient(next.url, bearer)('GET', '/todos', { headers: { origin } });
      return [answer.status, answer.headers.get('access-control-allow-origin')];
    };
    const allowed = 'https://app.example.com';
    expect(await from(allowed, token)).toEqual([200, allowed]);
    expect(await from(allowed, 'not.a.token')).toEqual([401, allowed]);
    expect(await from('https://evil.example', token)).toEqual([200, null]);
    const preflight = { 'access-control-request-method': 'PATCH', origin: allowed };
    const { status, headers } = await apiClient(next.url)('OPTIONS', '/todos/x', { headers: preflight });
    expect([status, headers.get('access-control-allow-credentials')]).toEqual([204, 'true']);
    expect(headers.get('access-control-allow-methods')).toContain('PATCH');
  });

  it('takes the address of a caller from a trusted proxy', async () => {
    lines.length = 0;
    await apiClient(next.url)('GET', '/todos', {
      headers: { 'x-forwarded-for': '203.0.113.9, 198.51.100.7:40001, 127.0.0.1:443' },
    });
    expect(lines.join('')).toContain('"address":"198.51.100.7"');
  });
});

import { call } from '../../sandbox/started-sandbox.js';
import { type PortalWorld, startPortalWorld } from './portal-world.js';

const id = '01a22360-5823-7716-8097-4eed4ab50ead';

describe('the page of a person’s todos', () => {
  let world: PortalWorld;
  beforeAll(async () => {
    world = await startPortalWorld({ cookies: true });
  });
  afterAll(() => world.close());

  it.each(['/todos', `/todos/${id}`, `/todos/${id}/done`])(
    '%s is kept by no cache, runs nothing inline, and may call the Todo API and FusionAuth alone',
    async (path) => {
      const { headers, body, status } = await world.visitor().get(path);
      expect([status, headers.get('cache-control'), headers.get('referrer-policy')]).toEqual([
        200,
        'no-store',
        'same-origin',
      ]);
      expect(headers.get('content-security-policy')).toBe(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; " +
          `connect-src 'self' ${world.api.url} ${world.sandbox.url}; ` +
          "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      );
      expect(body).not.toMatch(/<script(?![^>]*src=)|<style| style=| on\w+="/);
      expect(headers.getSetCookie()).toEqual([]);
    },
  );

  it('is smaller than 100 kB, style and scripts included', async () => {
    const visitor = world.visitor();
    const { body } = await visitor.get('/todos');
    const files = new Set([...body.matchAll(/(?:href|src)="(\/assets\/[^"]+)"/g)].map(([, file]) => file!));
    expect(files.size).toBe(4);
    const bodies = await Promise.all([...files].map(async (file) => (await visitor.get(file)).body));
    expect(body.length + bodies.join('').length).toBeLessThan(100_000);
  });

  it('returns to the todo of the link after a log-in', async () => {
    const { body } = await world.visitor().get(`/todos/${id}/done`);
    const [, link = ''] = /href="([^"]+\/app\/login\/[^"]+)"/.exec(body) ?? [];
    const { searchParams } = new URL(link.replaceAll('&amp;', '&'));
    expect(Object.fromEntries(searchParams)).toMatchObject({
      redirect_uri: `${world.url}/todos`,
      state: `/todos/${id}/done`,
    });
    const back = await world.visitor().get(`/todos?state=${encodeURIComponent(`/todos/${id}/done`)}`);
    expect([back.status, back.location]).toEqual([303, `/todos/${id}/done`]);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/todos',
    `//evil.example/todos/${id}`,
    `/todos/${id}/../../clients`,
    `/todos/${id}\n`,
    '/clients',
    '',
  ])('redirects to no other address after a log-in: state %j', async (state) => {
    const back = await world.visitor().get(`/todos?state=${encodeURIComponent(state)}`);
    expect([back.status, back.location]).toEqual([200, undefined]);
  });

  it.each(['/todos/1', `/todos/${id}/delete`, `/todos/${id}x/done`, `/todos/${id}/done/`])(
    'does not exist without the id of a todo: %s',
    async (path) => expect((await world.visitor().get(path)).status).toBe(404),
  );

  it('redirects to the host name that cookies and ALLOWED_ORIGINS use', async () => {
    const other = world.url.replace('127.0.0.1', 'localhost');
    const { status, headers } = await fetch(`${other}/todos/${id}`, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([303, `${world.url}/todos/${id}?at=public`]);
  });

  it('is registered at FusionAuth: its redirect URI, and its origin for CORS', async () => {
    const { body } = await call(world.sandbox, 'GET', '/api/system-configuration');
    expect(body).toMatchObject({
      systemConfiguration: {
        corsConfiguration: {
          enabled: true,
          allowCredentials: true,
          allowedOrigins: [world.url],
          allowedMethods: ['GET', 'OPTIONS', 'POST'],
        },
      },
    });
    const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
    expect(await world.devCenter.run('provision', { dryRun: true }, io)).toMatchObject({ changes: [] });
  });
});

it('the page of todos says what to set where the Todo API reads no cookies, and calls nobody', async () => {
  const world = await startPortalWorld();
  try {
    const { status, text, headers, body } = await world.visitor().get('/todos');
    expect([status, text]).toEqual([
      200,
      expect.stringContaining('its AUTH_STRATEGY must not name email-token'),
    ]);
    expect(headers.get('content-security-policy')).toContain("connect-src 'self';");
    expect(body).not.toContain('todos.js');
    // FusionAuth lets no page call it then.
    const { body: system } = await call(world.sandbox, 'GET', '/api/system-configuration');
    expect(system).toMatchObject({ systemConfiguration: { corsConfiguration: { enabled: false } } });
  } finally {
    await world.close();
  }
});

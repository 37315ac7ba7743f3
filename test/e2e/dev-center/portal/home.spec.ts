import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '#gatehouse/platform';
import { type PortalWorld, startPortalWorld } from './portal-world.js';

describe('the home page', () => {
  let alone: PortalWorld;
  beforeAll(async () => {
    alone = await startPortalWorld({
      env: {
        FUSIONAUTH_PUBLIC_URL: 'https://auth.example.com',
        PUBLIC_URL: 'https://dev.example.com',
        TODO_API_PUBLIC_URL: 'https://todos.example.com',
      },
    });
  });
  afterAll(() => alone.close());

  it('has neither a panel of a tool nor a route for one when the Dev Center runs alone', async () => {
    const home = await alone.visitor().get('/');
    expect(home.body).not.toContain('panel-of-a-tool');
    expect((await alone.visitor().get('/tool/script.js')).status).toBe(404);
  });

  it('redirects browsers to FusionAuth’s public address', async () => {
    const { location } = await alone.visitor().get('/login?at=public');
    expect(location).toMatch(/^https:\/\/auth\.example\.com\/oauth2\/authorize\?/);
    expect((await alone.visitor().get('/')).body).toContain('href="https://auth.example.com"');
  });

  it('links to the Todo API’s public address', async () => {
    const { body } = await alone.visitor().get('/');
    expect(body).toContain('href="https://todos.example.com"');
    expect(body).not.toContain(alone.api.url);
  });

  it('restricts its cookies to this host and to TLS if its address is https', async () => {
    const { headers } = await alone.visitor().get('/login?at=public');
    expect(headers.getSetCookie().join()).toMatch(
      /^__Host-gatehouse-login-[^;]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });
});

describe('the home page with what a tool adds', () => {
  let world: PortalWorld;
  let other: Server;
  let address: string;
  let checks = 0;
  const logged: string[] = [];
  beforeAll(async () => {
    other = createServer((_request, response) => {
      checks += 1;
      response.end('here');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    world = await startPortalWorld({
      home: {
        links: [{ title: 'Mailbox', url: address, about: 'every mail that is sent' }],
        panels: () => '<section id="panel-of-a-tool">Switch</section>',
        routes: (server) => {
          server.get('/tool/script.js', () => 'let it = 1;');
          server.get('/tool/broken', () => Promise.reject(new Error('a detail')));
          server.get('/tool/gateway', () =>
            Promise.reject(Object.assign(new Error('a detail'), { statusCode: 502 })),
          );
        },
      },
      log: createLogger('dev-center', 'error', { write: (line) => void logged.push(line) }),
    });
  });
  afterAll(async () => {
    await world.close();
    other.close();
  });

  it('shows its links with their health, its panels, and serves its routes', async () => {
    const { text, body } = await world.visitor().get('/');
    expect(text).toMatch(/Mailbox ok, \d+ ms/);
    expect(text).toContain('every mail that is sent');
    expect(body).toContain('<section id="panel-of-a-tool">Switch</section>');
    expect((await world.visitor().get('/tool/script.js')).status).toBe(200);
  });

  it.each(['/tool/broken', '/tool/gateway'])(
    'shows nothing of an unexpected error, which is logged: %s',
    async (path) => {
      logged.length = 0;
      const { status, text } = await world.visitor().get(path);
      expect([status, text]).toEqual([500, expect.stringContaining('The log of the Dev Center says what')]);
      expect(text).not.toContain('a detail');
      expect(logged).toEqual([expect.stringMatching(/a detail.*a page failed unexpectedly/)]);
    },
  );

  it('checks their health once for simultaneous visitors', async () => {
    const before = checks;
    await Promise.all([1, 2, 3].map(() => world.visitor().get('/')));
    expect(checks - before).toBeLessThanOrEqual(1);
  });

  it('shows the part that does not answer, a second later at most', async () => {
    await new Promise((resolve) => {
      other.close(resolve);
      other.closeAllConnections();
    });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    expect((await world.visitor().get('/')).text).toContain('Mailbox down: does not answer');
  });
});

import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createAdapter } from './fastify-adapter.js';
import { allowOrigins, secureHeaders } from './security-headers.js';

@Controller()
class Empty {
  @Get()
  get(): string {
    return '';
  }
}

@Module({ controllers: [Empty] })
class EmptyModule {}

const apps: NestFastifyApplication[] = [];
afterAll(() => Promise.all(apps.map((app) => app.close())));

async function appWith(adapt: (app: NestFastifyApplication) => void): Promise<NestFastifyApplication> {
  const adapter = createAdapter({ trustedProxies: [], problemType: String });
  const options = { logger: false, bodyParser: false } as const;
  const app = await NestFactory.create<NestFastifyApplication>(EmptyModule, adapter, options);
  adapt(app);
  await app.init();
  apps.push(app);
  return app;
}

describe('the headers for browsers', () => {
  const headersWith = async (docs: boolean) => {
    const app = await appWith((one) => secureHeaders(one, { docs }));
    return (await app.inject('/')).headers;
  };
  const nothing = {
    'default-src': "'none'",
    'frame-ancestors': "'none'",
    'base-uri': "'none'",
    'form-action': "'none'",
  };
  const policyOf = (headers: Awaited<ReturnType<typeof headersWith>>) =>
    Object.fromEntries(
      String(headers['content-security-policy'])
        .split(';')
        .map((directive) => directive.split(/ (.*)/, 2)),
    );

  it('forbid a response to run scripts, and to be framed, sniffed or embedded', async () => {
    const headers = await headersWith(false);

    expect(policyOf(headers)).toEqual(nothing);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8}$/) as string,
    });
  });

  it("let only the docs page run scripts, and only the API's own", async () => {
    expect(policyOf(await headersWith(true))).toEqual({
      ...nothing,
      'script-src': "'self'",
      'style-src': "'self' 'unsafe-inline'",
      'img-src': "'self' data:",
      'connect-src': "'self'",
    });
  });
});

describe('an allowed origin', () => {
  const origin = 'https://app.example.com';
  let app: NestFastifyApplication;
  beforeAll(async () => (app = await appWith((one) => allowOrigins(one, [origin, 'https://b.example']))));

  const preflight = (from: string, method: string) =>
    app.inject({
      method: 'OPTIONS',
      url: '/',
      headers: { origin: from, 'access-control-request-method': method },
    });

  it('may read responses to its credentials, and the headers that clients need', async () => {
    const { headers } = await app.inject({ url: '/', headers: { origin } });

    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers':
        'ETag, Location, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id',
      vary: expect.stringContaining('Origin') as string,
    });
  });

  it('may use the methods of the API and no others, by a preflight that is valid for ten minutes', async () => {
    const { statusCode, headers } = await preflight(origin, 'PATCH');

    expect(statusCode).toBe(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD, POST, PATCH, DELETE',
      'access-control-max-age': '600',
    });
  });

  it.each(['https://evil.example', 'https://app.example.com.evil.example', 'http://app.example.com', 'null'])(
    'is not %s',
    async (other) => {
      for (const { headers } of [
        await app.inject({ url: '/', headers: { origin: other } }),
        await preflight(other, 'GET'),
      ])
        expect(headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('gets no plain text for an OPTIONS that is not a preflight', async () => {
    const { statusCode, body } = await app.inject({ method: 'OPTIONS', url: '/', headers: { origin } });

    expect([statusCode, body]).toEqual([204, '']);
  });
});

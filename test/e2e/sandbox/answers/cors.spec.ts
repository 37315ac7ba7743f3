import { call } from '../started-sandbox.js';
import { sandbox } from './ground.js';

const origin = 'http://app.example:3000';

const ask = (method: string, headers: Record<string, string> = {}) =>
  fetch(`${sandbox.url}/.well-known/jwks.json`, { method, headers: { origin, ...headers } });
const preflight = (method: string, names = '') =>
  ask('OPTIONS', {
    'access-control-request-method': method,
    ...(names === '' ? {} : { 'access-control-request-headers': names }),
  });
const allow = (corsConfiguration: object) =>
  call(sandbox, 'PATCH', '/api/system-configuration', { systemConfiguration: { corsConfiguration } });

describe('a call from another origin', () => {
  it('is refused by default, with a preflight and without', async () => {
    for (const answer of [await preflight('GET'), await ask('GET')])
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('is refused while CORS is off, also from an origin that is listed', async () => {
    await allow({ enabled: false, allowedOrigins: [origin], allowedMethods: ['POST'] });
    for (const answer of [await preflight('GET'), await ask('GET')])
      expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    await allow({ enabled: true });
    for (const answer of [await preflight('GET'), await ask('GET')]) expect(answer.status).toBe(200);
  });

  it('passes once the system configuration allows its origin, method and headers', async () => {
    await allow({
      enabled: true,
      allowCredentials: true,
      allowedOrigins: [origin],
      allowedMethods: ['POST'],
      allowedHeaders: ['X-Own'],
      exposedHeaders: ['Date'],
      preflightMaxAgeInSeconds: 600,
    });
    const before = await preflight('POST', 'authorization, content-type, x-own');
    expect([before.status, Object.fromEntries(before.headers)]).toEqual([
      200,
      expect.objectContaining({
        'access-control-allow-origin': origin,
        'access-control-allow-credentials': 'true',
        'access-control-allow-methods': 'GET, OPTIONS, POST',
        'access-control-allow-headers': expect.stringContaining('Authorization, Content-Type') as string,
        'access-control-max-age': '600',
      }),
    ]);
    const answer = await ask('GET');
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([200, origin]);
    expect(answer.headers.get('access-control-expose-headers')).toBe('Date');
  });

  it.each([
    ['an origin', () => ask('GET', { origin: 'http://evil.example' })],
    ['a method', () => preflight('DELETE')],
    ['a header', () => preflight('GET', 'x-other')],
  ])('is refused for %s that is not allowed', async (_what, request) => {
    await allow({ enabled: true, allowedOrigins: [origin], allowedMethods: ['GET'] });
    expect((await ask('GET')).status).toBe(200);
    const answer = await request();
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  it('does not include calls of the same origin or without one', async () => {
    await allow({ enabled: true, allowedOrigins: [] });
    expect((await ask('GET', { origin: new URL(sandbox.url).origin })).status).toBe(200);
    expect((await fetch(`${sandbox.url}/.well-known/jwks.json`)).status).toBe(200);
  });
});

import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Secret } from '#gatehouse/platform';
import { fusionAuthData } from './data.js';

const tenantId = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const closers: (() => Promise<void>)[] = [];

async function serve(listener: RequestListener, deadlineMs = 10_000) {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const data = fusionAuthData({
    url: `http://127.0.0.1:${port}`,
    tenantId,
    applicationId: tenantId,
    deadlineMs,
    apiKey: new Secret('our-own-key'),
  });
  closers.push(async () => {
    await data.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return data;
}

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

describe('the request side of FusionAuth', () => {
  it('reads the key set and the tenant’s issuer', async () => {
    const data = await serve((request, response) => {
      const body =
        request.url === `/${tenantId}/.well-known/openid-configuration`
          ? { issuer: 'acme.com' }
          : { keys: [] };
      response.end(JSON.stringify(body));
    });
    await expect(data.readIssuer()).resolves.toBe('acme.com');
    await expect(data.readKeySet()).resolves.toEqual({ keys: [] });
  });

  it.each<[string, RequestListener, RegExp]>([
    ['500', (_q, r) => r.writeHead(500).end('secret-body'), /key set: unexpected answer 500/],
    [
      'a redirect',
      (_q, r) => r.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      /unexpected answer 302/,
    ],
    ['an HTML page', (_q, r) => r.end('<html>secret-body</html>'), /answer 200, not JSON/],
    ['no answer', () => undefined, /no answer in time/],
    ['a body that never ends', (_q, r) => r.write('{"keys":['), /no answer in time/],
    ['a reset', (q) => q.socket.destroy(), /UND_ERR_SOCKET/],
    [
      'more than 256 kB',
      (_q, r) => r.end(JSON.stringify({ keys: 'x'.repeat(300_000) })),
      /UND_ERR_RES_EXCEEDED_MAX_SIZE/,
    ],
  ])('throws without a word of the body on %s', async (_what, listener, message) => {
    // The deadline is short, because silence lasts until it.
    const data = await serve(listener, message.source.includes('in time') ? 300 : 10_000);
    const started = Date.now();
    const error = await data.readKeySet().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      name: 'FusionAuthUnavailable',
      operation: 'key set',
      message: expect.stringMatching(message),
    });
    expect(JSON.stringify(error)).not.toContain('secret-body');
    expect(Date.now() - started).toBeLessThan(5_000);
  });

  it.each([401, 404, 410, 423])(
    'attributes a %i with a page to a gateway, and one without a body to FusionAuth',
    async (status) => {
      const signal = AbortSignal.timeout(2_000);
      const page = await serve((_request, response) => response.writeHead(status).end('default backend'));
      await expect(page.records.session('sid', signal)).rejects.toMatchObject({
        name: 'FusionAuthUnavailable',
        message: expect.stringContaining(`answer ${status}, a page where FusionAuth sends none`),
      });
      const bare = await serve((_request, response) => response.writeHead(status).end());
      const answer = bare.apiKeys
        .probe('k'.repeat(20), signal)
        .catch((error: unknown) => (error as Error).message);
      expect(await answer).toEqual(
        { 401: 'refused', 404: 'elsewhere' }[status] ??
          (expect.stringContaining(`unexpected answer ${status}`) as unknown),
      );
    },
  );

  it.each([
    [200, true],
    [400, true],
    [404, true],
    [401, false],
  ])('takes a %i at a door that must stay shut for an answer', async (status, opens) => {
    const data = await serve((_request, response) =>
      response.writeHead(status).end(status === 200 ? '{}' : ''),
    );
    await expect(data.apiKeys.opensMore('k'.repeat(20), AbortSignal.timeout(2_000))).resolves.toBe(opens);
  });

  it.each([302, 403, 429, 500])(
    'treats a %i there as no answer, not as a refusal of the key',
    async (status) => {
      const data = await serve((_request, response) => response.writeHead(status).end());
      await expect(data.apiKeys.opensMore('k'.repeat(20), AbortSignal.timeout(2_000))).rejects.toMatchObject({
        name: 'FusionAuthUnavailable',
      });
    },
  );

  it('works again immediately after a hang', async () => {
    let hang = true;
    const data = await serve((_request, response) => hang || response.end('{"keys":[]}'));
    await Promise.allSettled(Array.from({ length: 40 }, () => data.readKeySet()));
    hang = false;
    await expect(data.readKeySet()).resolves.toEqual({ keys: [] });
  });

  it('treats an issuer that is not text as no answer', async () => {
    const data = await serve((_request, response) => response.end('{"issuer":7}'));
    await expect(data.readIssuer()).rejects.toMatchObject({ operation: 'discovery' });
  });
});

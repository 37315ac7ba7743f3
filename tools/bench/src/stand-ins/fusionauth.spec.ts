import { createAuthenticator } from '#gatehouse/auth';
import { createLogger } from '#gatehouse/platform';
import { tokenMinter } from '../../../issuer/src/token-minter.js';
import { introspectionPath, keySetPath } from '../../../measure/src/fusionauth-stand-in.js';
import { Bench, identity } from '../bench.js';
import { credentials, environmentOf, type RemoteStrategy } from '../experiments/credentials.js';
import { authConfigOf } from '../targets/auth-config.js';

describe('the stand-in for FusionAuth', () => {
  const bench = new Bench(true, tokenMinter(), () => undefined);
  afterEach(() => bench.closeAll());

  it.each<RemoteStrategy>(['introspection', 'api-key', 'email-token'])(
    'lets the guard accept good and refuse bad credentials by %s',
    async (strategy) => {
      const { url: fusionAuthUrl } = await bench.fusionAuth();
      const config = authConfigOf({ ...identity, fusionAuthUrl, environment: environmentOf[strategy] });
      const authenticator = createAuthenticator(config, { log: createLogger('bench', 'silent') });
      await authenticator.start();
      const { good, bad } = await credentials(bench, strategy, 1);
      const kindOf = async (headers: Readonly<Record<string, string>> = {}) => {
        const { verdict } = await authenticator.authenticate({
          requestId: 'r1',
          address: '192.0.2.1',
          method: 'GET',
          url: '/guarded',
          header: (name) =>
            Object.entries(headers).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : [])),
        });
        return verdict.ok ? 'accepted' : verdict.failure.kind;
      };
      expect([await kindOf(good[0]), await kindOf(bad())]).toEqual(['accepted', 'rejected']);
      authenticator.close();
    },
  );

  const introspect = (url: string, token: string) =>
    fetch(`${url}${introspectionPath}`, { method: 'POST', body: token, signal: AbortSignal.timeout(1_000) });

  it('counts calls by endpoint and by credential, including those that it does not answer', async () => {
    const fusionAuth = await bench.fusionAuth();
    await fetch(`${fusionAuth.url}${keySetPath}`);
    await introspect(fusionAuth.url, 'a');
    await fusionAuth.behave({ fault: 'hang' });
    await expect(introspect(fusionAuth.url, 'a')).rejects.toThrow('timeout');
    await fusionAuth.behave({ fault: '500', delayMs: 50 });
    expect((await introspect(fusionAuth.url, 'b')).status).toBe(500);

    const counts = [keySetPath, introspectionPath].map((path) => fusionAuth.calls(path));
    expect(counts).toEqual([1, 3]);
    expect([fusionAuth.calls(introspectionPath, 'a'), fusionAuth.maximumForOne()]).toEqual([2, 2]);
  });

  it('refuses connections on request, and has the same address afterwards', async () => {
    const fusionAuth = await bench.fusionAuth();
    const { url } = fusionAuth;
    await fusionAuth.behave({ fault: 'refused' });
    await expect(introspect(url, 'a')).rejects.toThrow('fetch failed');
    await fusionAuth.behave({ fault: 'none' });
    expect((await introspect(url, 'a')).status).toBe(200);
  });
});

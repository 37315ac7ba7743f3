import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readConfig } from '../../../apps/lambda-authorizer/src/config.js';
import { type KeyServer, startKeyServer } from '../../../tools/issuer/src/key-server.js';
import { applicationId, issuer, tenantId } from '../../../tools/issuer/src/token-minter.js';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { restEvent } from './api-gateway.js';
import { bundleInto, deploy } from './deployed-function.js';

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let keys: KeyServer;
let bundle: string;
let usable: Record<string, string>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  bundle = bundleInto(directory.path);
  keys = await startKeyServer();
  usable = {
    FUSIONAUTH_URL: keys.url,
    FUSIONAUTH_ISSUER: issuer,
    FUSIONAUTH_APPLICATION_ID: applicationId,
    FUSIONAUTH_TENANT_ID: tenantId,
  };
}, 60_000);
afterAll(async () => {
  await keys.close();
  await directory.remove();
});

const bearer = (token: string) => restEvent({ headers: [['Authorization', `Bearer ${token}`]] }, '/todos');
const rules = '* /todos todo-reader';

describe('a configuration', () => {
  it.each<[Record<string, string>, RegExp]>([
    [{ FUSIONAUTH_URL: '' }, /FUSIONAUTH_URL: is required/],
    [{ FUSIONAUTH_URL: 'http://auth.example.com' }, /FUSIONAUTH_URL: plain http to another machine/],
    [{ FUSIONAUTH_ISSUER: '' }, /FUSIONAUTH_ISSUER: is required here/],
    [{ FUSIONAUTH_TENANT_ID: 'x' }, /FUSIONAUTH_TENANT_ID: must be a UUID/],
    [
      { AUTH_STRATEGY: 'jwt,email-token', FUSIONAUTH_API_KEY: 'k' },
      /AUTH_STRATEGY: email-token cannot be used in a function/,
    ],
    [{ AUTH_STRATEGY: 'nonsense' }, /AUTH_STRATEGY: must be one of jwt, api-key, email-token/],
    [{ REVOCATION: 'push', WEBHOOK_KEY_ID: 'k' }, /REVOCATION: push cannot reach a function/],
    [{ REQUESTS_PER_MINUTE: '5' }, /REQUESTS_PER_MINUTE: no instance/],
    [{ JWT_ENGINE: 'passport-jwt' }, /JWT_ENGINE: passport-jwt is not in the bundle/],
    [{ JWT_VALIDATION: 'session' }, /FUSIONAUTH_API_KEY: is required for JWT_VALIDATION session/],
    [{ CLOCK_SKEW_SECONDS: '31' }, /CLOCK_SKEW_SECONDS: Too big/],
    [{ ROLE_RULES: 'GET todos x' }, /ROLE_RULES: "GET todos x" must read/],
    [{ ROLE_RULES: '* api.example.com/todos x', AUTHORIZER_CACHE: 'off' }, /ROLE_RULES: .* remove the hosts/],
    [{ ROLE_RULES: rules }, /ROLE_RULES: a cached simple answer applies to every route/],
    [{ TOKEN_LOCATION: 'cookie' }, /TOKEN_LOCATION: a cached acceptance of a cookie/],
  ])('%j ends the start, which says which, in the bundle as in the sources', async (changes, sentence) => {
    const environment = { ...usable, ...changes };
    await expect(deploy(bundle, environment)).rejects.toThrow(sentence);
    expect(() => readConfig(environment)).toThrow(sentence);
  });

  it.each([
    { ROLE_RULES: rules, AUTHORIZER_ANSWERS: 'policy' },
    { ROLE_RULES: rules, AUTHORIZER_CACHE: 'off' },
    { TOKEN_LOCATION: 'header,cookie', AUTHORIZER_CACHE: 'off' },
  ])('%j is usable', (changes) => {
    expect(() => readConfig({ ...usable, ...changes })).not.toThrow();
  });

  it('is read in full: the bundle knows the same settings, with their defaults', () => {
    expect(readConfig(usable)).toMatchObject({
      AUTHORIZER_ANSWERS: 'simple',
      AUTHORIZER_CACHE: 'on',
      NODE_ENV: 'production',
      CREDENTIAL_CACHE_SECONDS: 5,
    });
  });
});

describe('the function', () => {
  it('accepts a good token, and answers 401 to a bad one with a line in the log that has no token', async () => {
    const deployed = await deploy(bundle, usable);
    const token = await keys.minter.mint({ sub: 'ada' });
    expect(await deployed.invoke(bearer(token))).toMatchObject({ principalId: 'ada' });
    await expect(deployed.invoke(bearer(`${token}x`))).rejects.toThrow(/^Unauthorized$/);
    await deployed.close();
    const [line] = deployed
      .output()
      .split('\n')
      .filter((text) => text.includes('refused'));
    expect(JSON.parse(line ?? '')).toMatchObject({
      level: 'info',
      app: 'lambda-authorizer',
      event: 'refused',
      failure: 'rejected',
      address: '192.0.2.7',
    });
    expect(deployed.output()).not.toContain(token.slice(-20));
  });

  it('answers 500, which is not cached, while the key set cannot be read, and accepts the token afterwards', async () => {
    const token = await keys.minter.mint();
    keys.failing = true;
    const deployed = await deploy(bundle, usable);
    await expect(deployed.invoke(bearer(token))).rejects.toThrow(/could not be checked/);
    keys.failing = false;
    await untilAccepted(() => deployed.invoke(bearer(token)));
    await deployed.close();
  });

  it('gives up in time on a FusionAuth that is silent, or that answers without end', async () => {
    const silent = createServer((request, response) => {
      if (request.url?.includes('long')) response.write('[');
    });
    const endless = createServer((_request, response) => {
      const more = () => {
        while (response.writable && response.write('x'.repeat(65_536)));
      };
      response.on('drain', more);
      more();
    });
    for (const server of [silent, endless]) {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const deployed = await deploy(bundle, {
        ...usable,
        FUSIONAUTH_URL: url,
        FUSIONAUTH_DEADLINE_MS: '300',
      });
      const began = performance.now();
      await expect(deployed.invoke(bearer(await keys.minter.mint()))).rejects.toThrow(/could not be checked/);
      expect(performance.now() - began).toBeLessThan(5_000);
      await deployed.close();
      server.closeAllConnections();
      server.close();
    }
  });

  it('says at its start that no database knows the roles of API keys', async () => {
    const apiKeys = {
      AUTH_STRATEGY: 'api-key',
      FUSIONAUTH_PROBE_GROUP_ID: tenantId,
      PRINCIPAL_KEY: 'some-key-of-this-test',
    };
    const deployed = await deploy(bundle, { ...usable, ...apiKeys });
    await expect(deployed.invoke(restEvent({ headers: [] }, '/todos'))).rejects.toThrow(/^Unauthorized$/);
    await deployed.close();
    expect(deployed.output()).toContain('There is no database here: the roles of API keys are unknown');
  });
});

async function untilAccepted(invoke: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (await invoke().then(Boolean, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('never accepted');
}

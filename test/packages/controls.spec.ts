import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { Sandbox } from '../../tools/sandbox/src/package/api.js';
import { startSandbox } from '../../tools/sandbox/src/package/index.js';

const applications = {
  first: '85a03867-dccf-4882-adde-1a79aeec50df',
  second: '3c219e58-ed0e-4b18-ad48-f4f92793ae99',
};

describe('startSandbox() of the package gatehouse-sandbox', () => {
  let sandbox: Sandbox;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'gatehouse-controls-'));
    sandbox = await startSandbox();
  });
  beforeEach(() => sandbox.reset());
  afterAll(async () => {
    await sandbox.stop();
    rmSync(folder, { recursive: true });
  });

  const verify = async (token: string, now = sandbox.clock.now()) => {
    const { id: audience, issuer } = await sandbox.application();
    const keys = createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/jwks.json`));
    return (await jwtVerify(token, keys, { audience, issuer, currentDate: new Date(now) })).payload;
  };

  function kickstart(name: string, ids: readonly string[]): string {
    const requests = ids.map((id, index) => ({
      method: 'POST',
      url: `/api/application/${id}`,
      body: { application: { name: `Application ${index + 1}` } },
    }));
    const file = join(folder, name);
    writeFileSync(file, JSON.stringify({ apiKeys: [{ key: '#{ENV.OWN_KEY}' }], requests }));
    return file;
  }

  it('creates a user whose tokens verify by the key set and have the requested claims', async () => {
    const user = await sandbox.createUser({ email: 'ada@example.org', roles: ['todo-reader'] });
    const tokens = await sandbox.logIn(user);
    expect(await verify(tokens.accessToken)).toMatchObject({
      sub: user.id,
      email: 'ada@example.org',
      roles: ['todo-reader'],
      scope: 'openid offline_access',
    });
    expect([tokens.idToken, tokens.refreshToken]).toEqual([expect.any(String), expect.any(String)]);
    const narrow = await sandbox.logIn(user, { scopes: [] });
    expect([narrow.idToken, narrow.refreshToken]).toEqual([undefined, undefined]);
  });

  it('creates a user who can log in with the password', async () => {
    const { email, password, applicationId } = await sandbox.createUser();
    const { key } = await sandbox.createApiKey();
    const answer = await fetch(`${sandbox.url}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: key },
      body: JSON.stringify({ loginId: email, password, applicationId }),
    });
    expect(answer.status).toBe(200);
  });

  it('refuses a role that the application lacks, with FusionAuth’s error', async () => {
    await expect(sandbox.createUser({ roles: ['emperor'] })).rejects.toThrow(/400.*no role emperor/);
  });

  it('moves the clock that tokens expire by', async () => {
    const { accessToken } = await sandbox.logIn(await sandbox.createUser());
    sandbox.clock.advance(2 * 3_600_000);
    await expect(verify(accessToken)).rejects.toBeInstanceOf(errors.JWTExpired);
    const { accessToken: later } = await sandbox.logIn(await sandbox.createUser());
    await expect(verify(later)).resolves.toBeDefined();
  });

  it('signs with another key after a rotation, and the withdrawn one verifies nothing', async () => {
    const user = await sandbox.createUser();
    const { accessToken } = await sandbox.logIn(user);
    const { previousKid } = await sandbox.rotateKey();
    await expect(verify(accessToken)).resolves.toBeDefined();
    await sandbox.withdrawKey(previousKid);
    await expect(verify(accessToken)).rejects.toBeInstanceOf(errors.JWKSNoMatchingKey);
    await expect(verify((await sandbox.logIn(user)).accessToken)).resolves.toBeDefined();
  });

  it('makes an operation fail for others, and neither affects nor counts its own calls', async () => {
    sandbox.faults.set('*', { status: 503 });
    await expect(sandbox.createUser()).resolves.toBeDefined();
    expect(sandbox.requests.counts()).toEqual({});
    expect((await fetch(`${sandbox.url}/.well-known/jwks.json`)).status).toBe(503);
    expect(sandbox.requests.count('GET /.well-known/jwks.json')).toBe(1);
  });

  it('creates an API key that permits only what was requested', async () => {
    const { key } = await sandbox.createApiKey({ permissions: { '/api/group': ['GET'] } });
    const status = async (path: string) =>
      (await fetch(sandbox.url + path, { headers: { authorization: key } })).status;
    expect([await status('/api/group'), await status('/api/tenant')]).toEqual([200, 401]);
  });

  it('exposes the key of its own calls to nobody', async () => {
    await sandbox.call({ method: 'GET', path: '/api/tenant' });
    const stranger = await fetch(`${sandbox.url}/api/tenant`);
    expect(stranger.status).toBe(401);
    await expect(sandbox.call({ method: 'GET', path: '/api/user/nobody' })).rejects.toThrow(
      /GET \/api\/user/,
    );
  });

  it('discards what a test created at a reset, and writes nothing to disk', async () => {
    const before = readdirSync('.');
    await sandbox.createUser({ email: 'ada@example.org' });
    await sandbox.reset();
    await expect(sandbox.call({ method: 'GET', path: '/api/user?email=ada@example.org' })).rejects.toThrow(
      '404',
    );
    expect(readdirSync('.')).toEqual(before);
  });

  it('loads a kickstart file with its values, and requires an id if there are several applications', async () => {
    const file = kickstart('two.json', Object.values(applications));
    const other = await startSandbox({ kickstart: file, environment: { OWN_KEY: 'the-key-of-the-test' } });
    try {
      expect(other.secrets).toEqual({ OWN_KEY: 'the-key-of-the-test' });
      await expect(other.application()).rejects.toThrow(
        `name the application: the kickstart file made ${applications.first} (Application 1), ${applications.second}`,
      );
      const user = await other.createUser({ applicationId: applications.second });
      expect((await other.logIn(user)).accessToken).toBeDefined();
      await expect(other.application('none')).rejects.toThrow('there is no application none');
    } finally {
      await other.stop();
    }
  });

  it('reads values from the process environment, and prefers those of the options', async () => {
    const file = kickstart('values.json', [applications.first]);
    process.env['OWN_KEY'] = 'of-the-process';
    try {
      const [own, given] = await Promise.all([
        startSandbox({ kickstart: file }),
        startSandbox({ kickstart: file, environment: { OWN_KEY: 'of-the-options' } }),
      ]);
      expect([own.secrets, given.secrets]).toEqual([
        { OWN_KEY: 'of-the-process' },
        { OWN_KEY: 'of-the-options' },
      ]);
      await Promise.all([own.stop(), given.stop()]);
    } finally {
      delete process.env['OWN_KEY'];
    }
  });

  it('stores the instance in the given data directory', async () => {
    const options = { kickstart: kickstart('one.json', [applications.first]), dataDir: join(folder, 'kept') };
    const first = await startSandbox(options);
    const { id } = await first.createUser();
    await first.stop();
    const second = await startSandbox(options);
    await expect(second.call({ method: 'GET', path: `/api/user/${id}` })).resolves.toBeDefined();
    await second.stop();
  });

  it.each([
    ['a missing kickstart file', { kickstart: 'none.json' }, /none\.json/],
    ['production', { environment: { NODE_ENV: 'production' } }, /NODE_ENV/],
  ])('does not start with %s', async (_case, options, message) => {
    await expect(startSandbox(options)).rejects.toThrow(message);
  });

  it('names the option to change if the port is in use', async () => {
    const { port } = new URL(sandbox.url);
    await expect(startSandbox({ port: Number(port) })).rejects.toThrow(/set port to another/);
  });
});

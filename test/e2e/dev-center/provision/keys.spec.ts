import { randomUUID } from 'node:crypto';
import type { Sandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { call, tenantId } from '../../sandbox/started-sandbox.js';
import {
  bareFusionAuth,
  bootstrapId,
  environmentOf,
  kickstart,
  open,
  partsOf,
  provision,
} from './provision-ground.js';

/** Creates a key as an administrator does. */
async function madeKey(sandbox: Sandbox, apiKey: object): Promise<string> {
  const id = randomUUID();
  expect((await call(sandbox, 'POST', `/api/api-key/${id}`, { apiKey })).status).toBe(200);
  return id;
}

describe('provision of keys', () => {
  it('names the permission that the manager key lacks, and does not remove the bootstrap key until then', async () => {
    const weak = await bareFusionAuth(([, manager]) => delete manager?.permissions?.endpoints['/api/user']);
    const environment = { ...environmentOf(weak), FUSIONAUTH_BOOTSTRAP_KEY_ID: bootstrapId(weak) };
    const { ok, notes } = await provision(environment);
    expect([ok, notes]).toEqual([
      false,
      [
        expect.stringMatching(
          /^FUSIONAUTH_MANAGER_KEY lacks GET \/api\/user, .*add it in Settings, API Keys$/,
        ),
        expect.stringContaining('FUSIONAUTH_BOOTSTRAP_KEY stays while anything is left'),
      ],
    ]);
    expect(bootstrapId(weak)).toBeDefined();
  });

  it('removes only the key with all permissions, and not while anything is left to do', async () => {
    const sandbox = await bareFusionAuth();
    const ids = sandbox.apiKeyIds();
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_BOOTSTRAP_KEY_ID: bootstrapId(sandbox) };
    sandbox.settings.licensed = false;
    expect((await provision(environment)).notes).toContainEqual(
      expect.stringContaining('FUSIONAUTH_BOOTSTRAP_KEY stays while anything is left'),
    );
    sandbox.settings.licensed = true;
    const manager = Object.entries(ids).find(([description]) => description.startsWith('Dev Center'))?.[1];
    // It may do everything in one tenant, and FusionAuth does not show its text, so that alone tells it.
    const ofTheTenant = await madeKey(sandbox, {
      ...{ name: 'of the tenant', tenantId, retrievable: false, permissions: { endpoints: {} } },
    });
    const limited = {
      name: 'limited',
      retrievable: false,
      permissions: { endpoints: { '/api/group': ['GET'] } },
    };
    const [narrow, other] = [await madeKey(sandbox, limited), await madeKey(sandbox, { name: 'another' })];
    for (const FUSIONAUTH_BOOTSTRAP_KEY_ID of [manager, ofTheTenant, narrow, other, randomUUID()]) {
      expect(await provision({ ...environment, FUSIONAUTH_BOOTSTRAP_KEY_ID })).toMatchObject({
        ok: false,
        notes: [expect.stringContaining('FUSIONAUTH_BOOTSTRAP_KEY_ID is not its id')],
      });
    }
    expect(sandbox.apiKeyIds()).toMatchObject(ids);
  });

  it('does not remove the key with all permissions if no other key manager is set', async () => {
    const sandbox = await open();
    const { FUSIONAUTH_BOOTSTRAP_KEY } = sandbox.secrets;
    const FUSIONAUTH_BOOTSTRAP_KEY_ID = bootstrapId(sandbox);
    const environment = {
      FUSIONAUTH_URL: sandbox.url,
      FUSIONAUTH_BOOTSTRAP_KEY,
      FUSIONAUTH_BOOTSTRAP_KEY_ID,
    };
    for (const FUSIONAUTH_MANAGER_KEY of [undefined, FUSIONAUTH_BOOTSTRAP_KEY]) {
      expect((await provision({ ...environment, FUSIONAUTH_MANAGER_KEY })).notes).toContainEqual(
        expect.stringContaining('stays: there is no other FUSIONAUTH_MANAGER_KEY'),
      );
    }
    expect(bootstrapId(sandbox)).toBe(FUSIONAUTH_BOOTSTRAP_KEY_ID);
  });

  it('reports a manager key that is not a key manager', async () => {
    const sandbox = await open();
    const key = 'a-key-that-manages-no-keys-0123456789';
    const { endpoints } = kickstart.apiKeys[1]!.permissions!;
    await madeKey(sandbox, { key, tenantId, permissions: { endpoints } });
    expect(await provision({ ...environmentOf(sandbox), FUSIONAUTH_MANAGER_KEY: key })).toMatchObject({
      ok: false,
      notes: ['FUSIONAUTH_MANAGER_KEY is not a key manager: make it one in Settings, API Keys'],
    });
  });

  it('names the permissions that a key of the Todo API lacks, and creates no other', async () => {
    const sandbox = await open();
    const key = 'a-weak-key-of-the-todo-api-0123456789';
    await madeKey(sandbox, { key, tenantId, permissions: { endpoints: { '/api/group': ['GET'] } } });
    expect(await provision({ ...environmentOf(sandbox), FUSIONAUTH_API_KEY: key })).toMatchObject({
      ok: false,
      changes: [],
      notes: [expect.stringMatching(/^FUSIONAUTH_API_KEY lacks GET .*: add it in Settings, API Keys$/)],
    });
  });

  it.each([
    ['its permissions were changed', { permissions: { endpoints: { '/api/theme': ['GET'] } } }],
    [
      'it was given an expiry that has passed',
      { expirationInstant: 1, permissions: kickstart.apiKeys[2]!.permissions },
    ],
  ])('reports the key of the Todo API that it created if %s', async (_how, apiKey) => {
    const sandbox = await bareFusionAuth();
    const environment = environmentOf(sandbox);
    await provision(environment);
    const [, id] = Object.entries(sandbox.apiKeyIds()).find(([about]) => about.startsWith('Todo API'))!;
    await call(sandbox, 'PUT', `/api/api-key/${id}`, { apiKey });
    expect(await provision(environment)).toMatchObject({
      ok: false,
      changes: [],
      notes: [expect.stringMatching(/^FUSIONAUTH_API_KEY was changed or given an expiry .*delete it/)],
    });
  });

  it('accepts a key of the Todo API that may not read the event log', async () => {
    const sandbox = await open();
    const key = 'a-narrower-key-of-the-todo-api-0123456789';
    const { endpoints } = kickstart.apiKeys[2]!.permissions!;
    const { ['/api/system/webhook-event-log/search']: log, ...rest } = endpoints;
    expect(log).toEqual(['GET']);
    await madeKey(sandbox, { key, tenantId, permissions: { endpoints: rest } });
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_API_KEY: key };
    expect(await provision(environment)).toMatchObject({ changes: [], notes: [], ok: true });
  });

  it('can be repeated while FusionAuth’s cache does not have the key that it created', async () => {
    const sandbox = await bareFusionAuth();
    sandbox.settings.keyCacheDelaySeconds = 60;
    expect(partsOf(await provision(environmentOf(sandbox)))).toContain('FUSIONAUTH_API_KEY');
    expect(await provision(environmentOf(sandbox))).toMatchObject({ changes: [], ok: true });
  });

  it('names the missing permission if there is no other key', async () => {
    const sandbox = await bareFusionAuth();
    const { FUSIONAUTH_MANAGER_KEY } = sandbox.secrets;
    const managerAlone = provision({ FUSIONAUTH_URL: sandbox.url, FUSIONAUTH_MANAGER_KEY });
    await expect(managerAlone).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('does not let FUSIONAUTH_MANAGER_KEY do PATCH /api/tenant') as string,
    });
  });

  it.each(['FUSIONAUTH_BOOTSTRAP_KEY', 'FUSIONAUTH_MANAGER_KEY'])(
    'reports that FusionAuth does not accept the key, and changes nothing: %s',
    async (name) => {
      const sandbox = await open();
      await expect(provision({ FUSIONAUTH_URL: sandbox.url, [name]: 'k'.repeat(30) })).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining(`does not let ${name} do GET /api/tenant`) as string,
      });
    },
  );

  it('says where to make the key if none is set', async () => {
    const nowhere = provision({ FUSIONAUTH_URL: 'http://127.0.0.1:1' });
    await expect(nowhere).rejects.toThrow(/FUSIONAUTH_MANAGER_KEY: is required.*create a key manager/s);
  });

  it('does not use the weaker key because FusionAuth failed once', async () => {
    const sandbox = await open();
    sandbox.faults.set('GET /api/tenant', { status: 503, times: 1 });
    await expect(provision(environmentOf(sandbox))).rejects.toMatchObject({ exitCode: 4 });
  });
});

import { randomUUID } from 'node:crypto';
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
    const ofTheTenant = randomUUID();
    const { status } = await call(sandbox, 'POST', `/api/api-key/${ofTheTenant}`, {
      apiKey: { name: 'of the tenant', tenantId, retrievable: false, permissions: { endpoints: {} } },
    });
    expect(status).toBe(200);
    for (const FUSIONAUTH_BOOTSTRAP_KEY_ID of [manager, ofTheTenant, randomUUID()]) {
      expect(await provision({ ...environment, FUSIONAUTH_BOOTSTRAP_KEY_ID })).toMatchObject({
        ok: false,
        notes: [expect.stringContaining('FUSIONAUTH_BOOTSTRAP_KEY_ID is not its id')],
      });
    }
    expect(sandbox.apiKeyIds()).toMatchObject(ids);
  });

  it('accepts a key of the Todo API that may not read the event log', async () => {
    const sandbox = await open();
    const key = 'a-narrower-key-of-the-todo-api-0123456789';
    const { endpoints } = kickstart.apiKeys[2]!.permissions!;
    const { ['/api/system/webhook-event-log/search']: log, ...rest } = endpoints;
    expect(log).toEqual(['GET']);
    const apiKey = { key, tenantId, permissions: { endpoints: rest } };
    expect((await call(sandbox, 'POST', `/api/api-key/${randomUUID()}`, { apiKey })).status).toBe(200);
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

  it('reports that FusionAuth does not accept the key, and changes nothing', async () => {
    const sandbox = await open();
    const FUSIONAUTH_BOOTSTRAP_KEY = 'k'.repeat(30);
    await expect(provision({ FUSIONAUTH_URL: sandbox.url, FUSIONAUTH_BOOTSTRAP_KEY })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('does not let FUSIONAUTH_BOOTSTRAP_KEY do GET /api/tenant') as string,
    });
  });
});

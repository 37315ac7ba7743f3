import { randomUUID } from 'node:crypto';
import { credentialFaces } from '../../../../apps/dev-center/src/cli/faces.js';
import { createFusionAuthContext } from '../../../../apps/dev-center/src/context.js';
import { sweep } from '../../../../apps/dev-center/src/lifecycle/sweep.js';
import { silentLog } from '../../../support/embedded-database.js';
import { bootstrapId } from '../provision/provision-ground.js';
import { issue, now, passed, plannedIds, world } from './ground.js';

describe('review', () => {
  const brunoId = '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1a02';
  const day = 86_400_000;
  const about = async (client: string): Promise<string[]> => {
    const { findings } = await world.run('review');
    return (findings as { client: string; kind: string }[])
      .filter((one) => one.client === client)
      .map(({ kind }) => kind);
  };
  const admin = async (method: string, path: string, body?: object) => {
    const answer = await fetch(world.sandbox.url + path, {
      method,
      headers: {
        authorization: world.sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? '',
        'content-type': 'application/json',
        'x-fusionauth-tenantid': world.config.FUSIONAUTH_TENANT_ID,
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    expect([path, answer.status]).toEqual([path, 200]);
  };
  const newestId = async () => (await plannedIds()).at(-1)!.id;

  it('reports unused credentials, and those that are about to expire', async () => {
    await issue('lasting', 'api-key');
    await issue('ending-soon', 'email-token', { expires: '40d' });
    expect([await about('lasting'), await about('ending-soon')]).toEqual([[], []]);
    passed(26 * day);
    const texts = async () =>
      ((await world.run('review')).findings as { client: string; text: string }[])
        .filter(({ client }) => client === 'ending-soon')
        .map(({ text }) => text);
    expect(await texts()).toEqual(['expires in 14 days (warning at 14): rotate it']);
    passed(13 * day);
    expect(await about('lasting')).toEqual(['stale']);
    expect(await texts()).toContain('expires in 1 day (warning at 1): rotate it');
    passed(2 * day);
    expect(await about('ending-soon')).toContain('overdue');
    await sweep(world.center);
    expect(await about('ending-soon')).toEqual([]);
  });

  it('reports neither the age nor the expiry of a credential that is being replaced', async () => {
    await issue('replaced', 'email-token', { expires: '32d' });
    passed(31 * day);
    expect(await about('replaced')).toEqual(['expiring', 'stale']);
    await world.run('rotate', { client: 'replaced', strategy: 'email-token', overlap: '1h' });
    expect(await about('replaced')).toEqual([]);
  });

  it('reports a credential that was started and never handed over', async () => {
    const roles = ['todo-reader'];
    const client = await world.center.clients.create({ name: 'half-issued', roles }, 'test', new Date(now()));
    const [fusionauthId, strategy] = [randomUUID(), 'email-token'] as const;
    const planned = { client, strategy, subject: fusionauthId, fusionauthId, expiresAt: null };
    await world.center.credentials.plan(planned, { actor: 'killed', action: 'plan' });
    expect(await about('half-issued')).toEqual(['unfinished']);
  });

  it('reports too many permissions in FusionAuth, too few, and a credential that no longer exists', async () => {
    const { FUSIONAUTH_APPLICATION_ID: applicationId, FUSIONAUTH_ENTITY_ID: target } = world.config;
    await issue('too-mighty', 'email-token');
    const user = await newestId();
    const registration = (names: string[]) => ({ registration: { applicationId, roles: names } });
    await admin('PUT', `/api/user/registration/${user}`, registration(['todo-reader', 'todo-auditor']));
    expect(await about('too-mighty')).toEqual(['over-privileged', 'drifted']);

    await issue('twins', 'client-credentials');
    await world.run('rotate', { client: 'twins', strategy: 'client-credentials' });
    expect(await about('twins')).toEqual([]);
    const grant = { recipientEntityId: await newestId(), permissions: ['todo-reader'] };
    await admin('POST', `/api/entity/${target}/grant`, { grant });
    expect(await about('twins')).toEqual(['drifted']);

    await issue('key-for-all', 'api-key');
    const key = await newestId();
    const { apiKeys } = world.center.control();
    await apiKeys.expire(key, now() + 1);
    passed(1);
    expect(await about('key-for-all')).toEqual(['gone']);
    await apiKeys.remove(key);
    expect(await about('key-for-all')).toEqual(['gone']);

    for (const [client, strategy, path] of [
      ['deactivated-user', 'email-token', (id: string) => `/api/user/${id}`],
      ['unregistered-user', 'jwt', (id: string) => `/api/user/registration/${id}/${applicationId}`],
      ['removed-entity', 'client-credentials', (id: string) => `/api/entity/${id}`],
    ] as const) {
      await issue(client, strategy);
      await admin('DELETE', path(await newestId()));
      expect(await about(client)).toEqual(['gone']);
    }
  });

  it('reports an API key that may do more in FusionAuth than prove its own validity', async () => {
    const { FUSIONAUTH_TENANT_ID: tenantId, FUSIONAUTH_BOOTSTRAP_KEY: FUSIONAUTH_MANAGER_KEY } = world.config;
    // A key manager can read only keys with fewer permissions than its own.
    const center = createFusionAuthContext({ ...world.config, FUSIONAUTH_MANAGER_KEY }, { log: silentLog });
    const textsAbout = async (id: string) =>
      (await center.issuer('api-key').inspect(id, [])).map(({ text }) => text);
    const made = async (apiKey: object) => {
      const id = randomUUID();
      await admin('POST', `/api/api-key/${id}`, { apiKey });
      return textsAbout(id);
    };
    const tooMuch = 'has FusionAuth permissions beyond reading groups';
    const probe = { '/api/group': ['GET'] };
    for (const endpoints of [{ '/api/group': ['GET', 'POST'] }, { ...probe, '/api/user': ['GET'] }, {}])
      expect(await made({ tenantId, permissions: { endpoints } })).toEqual([tooMuch]);
    expect(await made({ permissions: { endpoints: probe } })).toEqual(['is not bound to a tenant']);
    expect(await textsAbout(bootstrapId(world.sandbox)!)).toEqual([
      ...[tooMuch, 'is not bound to a tenant', 'can create API keys'],
    ]);
    await center.close();
  });

  it.each([
    ['deactivated', () => admin('DELETE', `/api/user/${brunoId}`)],
    ['expired', () => admin('PATCH', `/api/user/${brunoId}`, { user: { active: true, expiry: 1 } })],
  ])('reports the credentials of an owner whose account was %s', async (what, end) => {
    const client = `of-an-owner-${what}`;
    await issue(client, 'api-key', { owner: brunoId });
    expect(await about(client)).toEqual([]);
    await end();
    expect(await about(client)).toEqual(['owner-gone']);
    await admin('PUT', `/api/user/${brunoId}?reactivate=true`);
  });

  it('reports what could not be checked, and everything else', async () => {
    await issue('hidden-key', 'api-key');
    await issue('of-a-day', 'email-token', { expires: '1d' });
    world.sandbox.faults.set('GET /api/api-key', { status: 503 });
    expect([await about('hidden-key'), await about('of-a-day')]).toEqual([['unseen'], ['expiring']]);
  });

  it('rejects a client that does not exist', async () => {
    await expect(world.run('review', { client: 'misspelt' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('There is no client misspelt') as string,
    });
  });

  it('exits 1 while something needs attention', () => {
    const { exitCode } = credentialFaces['review']!;
    expect([exitCode?.({ findings: [{}] }), exitCode?.({ findings: [] })]).toEqual([1, 0]);
    expect(exitCode?.({ findings: [], audit: { entries: 3, head: '', brokenAt: 4 } })).toBe(1);
  });
});

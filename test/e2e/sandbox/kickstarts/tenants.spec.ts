import { ask, Ground, patch, post } from './ground.js';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.remove());

const id = 'ABCDEF01-2345-6789-ABCD-EF0123456789';

describe('a tenant', () => {
  it('has a unique name', async () => {
    const twice = [
      post('/api/tenant', { tenant: { name: 'Two' } }),
      post('/api/tenant', { tenant: { name: 'Two' } }),
    ];
    expect(await ground.refusal({ requests: twice })).toContain(
      'request 2 of 2, POST /api/tenant, was refused with 400: tenant.name ([duplicate]tenant.name)',
    );
    expect(
      await ground.refusal({ requests: [post('/api/tenant', { tenant: { name: 'Default' } })] }),
    ).toContain('[duplicate]tenant.name');
    const named = patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', { tenant: { name: 'Default' } });
    await ground.start({ requests: [named] });
  });

  it('copies another except for its name, and ignores other members', async () => {
    const own = { issuer: 'own.example', data: { a: 1 } };
    const sandbox = await ground.start({
      requests: [
        patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', { tenant: own }),
        post(`/api/tenant/${id}`, {
          sourceTenantId: '#{FUSIONAUTH_TENANT_ID}',
          tenant: { name: 'Copy', issuer: 'x' },
        }),
      ],
    });
    const { tenant } = (await ask(sandbox, 'GET', `/api/tenant/${id}`)).body;
    expect(tenant).toMatchObject({ ...own, name: 'Copy', id: id.toLowerCase() });
    const unknown = [post('/api/tenant', { sourceTenantId: id, tenant: { name: 'Copy' } })];
    await ground.close();
    const other = new Ground();
    expect(await other.refusal({ requests: unknown })).toContain('sourceTenantId ([invalid]');
    await other.remove();
  });
});

import { adaId, call, tenantId } from '../../started-sandbox.js';
import { sandbox } from '../ground.js';

const discovery = async (path: string) =>
  (await (await fetch(`${sandbox.url}${path}/.well-known/openid-configuration`)).json()) as {
    issuer: string;
  };

describe('FusionAuth’s discovery', () => {
  it('an issuer is free text, acme.com by default, and not a URL for discovery', async () => {
    const { body } = await call(sandbox, 'POST', '/api/tenant', { tenant: { name: 'Other' } });
    const { id } = body['tenant'] as { id: string };
    expect((await discovery(`/${id}`)).issuer).toBe('acme.com');
    expect((await discovery('')).issuer).toBe('gatehouse.example');
  });

  it('each tenant has a discovery document below its own path', async () => {
    expect(await discovery(`/${tenantId}`)).toEqual(await discovery(''));
  });

  it('an unknown tenant gets the document of the default tenant, not 404', async () => {
    expect(await discovery(`/${adaId}`)).toEqual(await discovery(''));
    const byQuery = await fetch(`${sandbox.url}/.well-known/openid-configuration?tenantId=${adaId}`);
    expect(await byQuery.json()).toEqual(await discovery(''));
  });
});

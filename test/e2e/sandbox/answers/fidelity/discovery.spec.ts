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
    expect((await fetch(`${sandbox.url}/${adaId}/.well-known/openid-configuration`)).status).toBe(404);
  });
});

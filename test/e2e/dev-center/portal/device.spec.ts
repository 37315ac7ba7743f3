import { type PortalWorld, startPortalWorld } from './portal-world.js';

let world: PortalWorld;
beforeAll(async () => {
  world = await startPortalWorld({ env: { FUSIONAUTH_PUBLIC_URL: 'https://auth.example.com' } });
});
afterAll(() => world.close());

const page =
  'https://auth.example.com/oauth2/device?client_id=a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c&tenantId=7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';

describe('the address where people approve a device', () => {
  it.each([
    ['without a code', '/device', page],
    ['with a code', '/device?user_code=ABC123', `${page}&user_code=ABC123`],
    [
      'with a text that means something else',
      '/device?user_code=A%26tenantId%3Dx%23',
      `${page}&user_code=A%26tenantId%3Dx%23`,
    ],
    ['with two codes, neither is passed on', '/device?user_code=A&user_code=B', page],
    ['with other parameters', '/device?client_id=x&redirect_uri=https://evil.example', page],
  ])('redirects to FusionAuth’s page for this client and tenant: %s', async (_what, path, target) => {
    const { status, location, headers } = await world.visitor().get(path);
    expect([status, location, headers.get('cache-control')]).toEqual([303, target, 'no-store']);
    expect(headers.get('referrer-policy')).toMatch(/no-referrer|same-origin/);
  });
});

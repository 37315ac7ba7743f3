import type { Call, World } from '../world.js';
import { namedTenant, requireTenant, visible } from './tenant.js';

const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

describe('the tenant of a request', () => {
  const world = { state: { tenants: new Map([one, two].map((id) => [id, { id }])) } } as unknown as World;
  const call = (header?: string, tenantId?: string) =>
    ({
      headers: header === undefined ? {} : { 'x-fusionauth-tenantid': header },
      ...(tenantId === undefined ? {} : { apiKey: { tenantId } }),
    }) as unknown as Call;

  it('is that of its key, or of the header', () => {
    expect(namedTenant(call(undefined, one), world)).toBe(one);
    expect(namedTenant(call(two.toUpperCase()), world)).toBe(two);
    expect(namedTenant(call(one, one), world)).toBe(one);
    expect(namedTenant(call(), world)).toBeUndefined();
  });

  it('is no other than that of its key, and none that does not exist', () => {
    for (const odd of [call(two, one), call('33333333-3333-4333-8333-333333333333')])
      expect(() => namedTenant(odd, world)).toThrow('refused with 400');
  });

  it('must be named where there are several', () => {
    expect(() => requireTenant(call(), world)).toThrow('refused with 400');
    expect(requireTenant(call(one), world)).toBe(one);
    const alone = { state: { tenants: new Map([[two, {}]]) } } as unknown as World;
    expect(requireTenant(call(), alone)).toBe(two);
  });

  it('hides what belongs to another', () => {
    const item = { tenantId: two };
    expect(visible(call(), world, item)).toBe(item);
    expect(visible(call(undefined, two), world, item)).toBe(item);
    for (const [asked, seen] of [
      [call(undefined, one), item],
      [call(one), item],
      [call(), undefined],
    ] as const)
      expect(() => visible(asked, world, seen)).toThrow('refused with 404');
  });
});

import type { ApiRequest, Instance } from '../instance.js';
import { namedTenant, requireTenant, requireVisible } from './tenant.js';

const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];

describe('the tenant of a request', () => {
  const instance = {
    state: { tenants: new Map([one, two].map((id) => [id, { id }])) },
  } as unknown as Instance;
  const request = (header?: string, tenantId?: string) =>
    ({
      headers: header === undefined ? {} : { 'x-fusionauth-tenantid': header },
      ...(tenantId === undefined ? {} : { apiKey: { tenantId } }),
    }) as unknown as ApiRequest;

  it('is the tenant of its key or of the header', () => {
    expect(namedTenant(request(undefined, one), instance)).toBe(one);
    expect(namedTenant(request(two.toUpperCase()), instance)).toBe(two);
    expect(namedTenant(request(one, one), instance)).toBe(one);
    expect(namedTenant(request(), instance)).toBeUndefined();
  });

  it('must exist and be the tenant of its key', () => {
    for (const odd of [request(two, one), request('33333333-3333-4333-8333-333333333333')])
      expect(() => namedTenant(odd, instance)).toThrow('refused with 400');
  });

  it('must be named where there are several', () => {
    expect(() => requireTenant(request(), instance)).toThrow('refused with 400');
    expect(requireTenant(request(one), instance)).toBe(one);
    const alone = { state: { tenants: new Map([[two, {}]]) } } as unknown as Instance;
    expect(requireTenant(request(), alone)).toBe(two);
  });

  it('hides records of another tenant', () => {
    const item = { tenantId: two };
    expect(requireVisible(request(), instance, item)).toBe(item);
    expect(requireVisible(request(undefined, two), instance, item)).toBe(item);
    for (const [asked, seen] of [
      [request(undefined, one), item],
      [request(one), item],
      [request(), undefined],
    ] as const)
      expect(() => requireVisible(asked, instance, seen)).toThrow('refused with 404');
  });
});

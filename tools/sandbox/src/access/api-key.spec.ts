import type { ApiRequest, Instance } from '../instance.js';
import type { ApiKeyRecord, State } from '../state/state.js';
import { covers, requireApiKey, withApiKey } from './api-key.js';

const [one, two] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
const readUsers: Parameters<typeof requireApiKey>[2] = {
  method: 'GET',
  endpoint: '/api/user',
  access: 'api-key',
};
const stateWith = (key: Partial<ApiKeyRecord>): State =>
  ({
    apiKeys: new Map([['k', { id: 'k', key: 'secret', effectiveAt: 100, ...key }]]),
  }) as unknown as State;
const unauthorized = new Error('refused with 401');

describe('an API key', () => {
  const asked = (
    key: Partial<ApiKeyRecord>,
    { presented = 'secret', operation = readUsers, now = 500 } = {},
  ) => {
    try {
      return requireApiKey(stateWith(key), presented, operation, now).id;
    } catch (error) {
      return error;
    }
  };
  const only = (endpoint: string, ...methods: string[]) => ({
    permissions: { endpoints: { [endpoint]: methods } },
  });

  it('without permissions may do everything but manage keys', () => {
    expect(asked({})).toBe('k');
    const operation = { method: 'POST', endpoint: '/api/api-key', access: 'api-key' } as const;
    expect(asked({}, { operation })).toEqual(unauthorized);
    expect(asked(only('/api/api-key', 'POST'), { operation })).toEqual(unauthorized);
    expect(asked({ keyManager: true }, { operation })).toBe('k');
  });

  it('with permissions may do what they name, by endpoint and method', () => {
    expect(asked(only('/api/user', 'GET', 'POST'))).toBe('k');
    expect(asked(only('/api/user', 'POST'))).toEqual(unauthorized);
    expect(asked(only('/api/user/registration', 'GET'))).toEqual(unauthorized);
  });

  it.each(['Secret', 'secret ', 'Bearer secret', '', undefined])('is not %j', (presented) => {
    expect(() => requireApiKey(stateWith({}), presented, readUsers, 500)).toThrow(unauthorized);
  });

  it.each<[string, Partial<ApiKeyRecord>, number]>([
    ['before it takes effect', {}, 99],
    ['once its removal has taken effect', { removedAt: 500 }, 500],
    ['once it has expired', { expirationInstant: 500 }, 500],
  ])('is refused %s', (_when, key, now) => {
    expect(asked(key, { now })).toEqual(unauthorized);
    expect(asked(key, { now: now === 99 ? 100 : now - 1 })).toBe('k');
  });

  it('of one tenant may not call global operations', () => {
    const operation = { ...readUsers, access: 'global-api-key' } as const;
    expect(asked({ tenantId: one }, { operation })).toEqual(unauthorized);
    expect(asked({}, { operation })).toBe('k');
    expect(asked({ tenantId: one })).toBe('k');
  });

  it('is checked in the same way if an operation needs one only sometimes', () => {
    const instance = { state: stateWith(only('/api/user', 'GET')), now: () => 500 } as unknown as Instance;
    const request = { headers: { authorization: 'secret' } } as unknown as ApiRequest;
    expect(withApiKey(request, instance, 'GET', '/api/user').apiKey?.id).toBe('k');
    expect(() => withApiKey(request, instance, 'DELETE', '/api/user')).toThrow(unauthorized);
  });

  it('cannot grant a right that it does not have', () => {
    const some = only('/api/user', 'GET', 'POST');
    expect(covers({}, some)).toBe(true);
    expect(covers(some, only('/api/user', 'GET'))).toBe(true);
    expect(covers(some, only('/api/user', 'DELETE'))).toBe(false);
    expect(covers(some, only('/api/group', 'GET'))).toBe(false);
    expect(covers(some, {})).toBe(false);
    expect(covers({ tenantId: one }, { tenantId: one })).toBe(true);
    expect(covers({ tenantId: one }, { tenantId: two })).toBe(false);
    expect(covers({ tenantId: one }, {})).toBe(false);
  });
});

import { readFileSync } from 'node:fs';
import { type Refusal } from './answer.js';
import { convertBody, idsInOneCase } from './conversion.js';
import { booleans, numbers } from './member-types.js';

const id = 'FEDF8CB2-457D-46C6-BBE4-1BF8DEBC1534';
const small = id.toLowerCase();

describe('a JSON body', () => {
  it('has booleans and numbers in place of texts, because placeholders are texts', () => {
    expect(
      convertBody({
        application: { active: 'true', oauthConfiguration: { requireRegistration: 'false' } },
        tenant: { emailConfiguration: { port: '25', verifyEmail: false }, minimum: '8' },
        webhook: { eventsEnabled: { 'user.action': 'true', 'user.delete': false }, connectTimeout: 1000 },
        roles: [{ name: 'true', isDefault: 'true' }],
      }),
    ).toEqual({
      application: { active: true, oauthConfiguration: { requireRegistration: false } },
      tenant: { emailConfiguration: { port: 25, verifyEmail: false }, minimum: '8' },
      webhook: { eventsEnabled: { 'user.action': true, 'user.delete': false }, connectTimeout: 1000 },
      roles: [{ name: 'true', isDefault: true }],
    });
  });

  it('has every id in lower case, as a value, in a list and as a name', () => {
    expect(
      convertBody({
        applicationId: id,
        group: { id, roleIds: [id, 'x'] },
        applicationConfiguration: { [id]: { debug: null } },
      }),
    ).toEqual({
      applicationId: small,
      group: { id: small, roleIds: [small, 'x'] },
      applicationConfiguration: { [small]: { debug: null } },
    });
  });

  it('keeps texts and the caller’s own data', () => {
    const own = { enabled: 'true', port: '25', id, [id]: 'true' };
    const body = {
      user: { password: 'true', firstName: id, data: own },
      headers: { debug: 'no' },
      metaData: { attributes: own },
    };
    expect(convertBody(body)).toEqual(body);
    for (const value of [undefined, null, 'true', 1]) expect(convertBody(value)).toBe(value);
  });

  it.each([
    [
      { application: { oauthConfiguration: { requireRegistration: 'yes' } } },
      'application.oauthConfiguration.requireRegistration',
    ],
    [{ application: { roles: [{ isDefault: 'TRUE' }] } }, 'application.roles[0].isDefault'],
    [{ tenant: { emailConfiguration: { port: 'smtp' } } }, 'tenant.emailConfiguration.port'],
    [{ key: { length: true } }, 'key.length'],
    [{ webhook: { eventsEnabled: { 'user.action': 1 } } }, 'webhook.eventsEnabled'],
  ])('is refused by field if it cannot be converted: %j', (body, path) => {
    try {
      convertBody(body);
      throw new Error('it was accepted');
    } catch (error) {
      expect(
        Object.keys((((error as Refusal).answer.body ?? {}) as { fieldErrors: object }).fieldErrors),
      ).toEqual([path]);
    }
  });
});

describe('the names of booleans and numbers', () => {
  it('are those of the official client', () => {
    const types = new Map<string, Set<string>>();
    const file = 'node_modules/@fusionauth/typescript-client/build/src/FusionAuthClient.d.ts';
    const [, interfaces = ''] = readFileSync(file, 'utf8').split('export default FusionAuthClient;');
    for (const [, name = '', type = ''] of interfaces.matchAll(/^ {4}(\w+)\??: ([^;]+);$/gm))
      types.set(name, (types.get(name) ?? new Set()).add(type));
    const only = (type: string) =>
      [...types].flatMap(([name, all]) => (all.size === 1 && all.has(type) ? [name] : [])).sort();
    expect([...booleans]).toEqual(only('boolean'));
    expect([...numbers]).toEqual(only('number'));
  });
});

describe('a query or a form', () => {
  it('has its ids in lower case and everything else unchanged', () => {
    const fields = new URLSearchParams({ client_id: id, tenantId: id, code: id, userId: 'x' });
    expect(Object.fromEntries(idsInOneCase(fields))).toEqual({
      client_id: small,
      tenantId: small,
      code: id,
      userId: 'x',
    });
  });
});

import { createHash } from 'node:crypto';
import { decodeJwt } from 'jose';
import { ask, client, clientAndPerson, Ground, logIn, partOf, patch, person, post } from './ground.js';

let ground: Ground;
beforeEach(() => {
  ground = new Ground();
});
afterEach(() => ground.remove());

const id = 'ABCDEF01-2345-6789-ABCD-EF0123456789';
const token = (answer: { readonly body: Record<string, unknown> }, name = 'access_token') =>
  String(answer.body[name]);

describe('a user', () => {
  const of = (user: object, more: object = {}) => ({
    requests: [post(`/api/user/${id}`, { user, ...more })],
  });

  it('has an e-mail address in lower case, and every log-in finds it', async () => {
    const sandbox = await ground.start(of({ ...person, email: 'Ada@Example.com' }));
    expect(partOf(await ask(sandbox, 'GET', `/api/user/${id}`), 'user')['email']).toBe('ada@example.com');
    const again = await ask(sandbox, 'POST', '/api/user', { user: { ...person, email: 'ADA@example.com' } });
    expect(again.body['fieldErrors']).toHaveProperty(['user.email']);
    const login = { loginId: 'ADA@EXAMPLE.COM', password: person.password };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(200);
  });

  it('needs a password unless sendSetPasswordEmail is set', async () => {
    expect(await ground.refusal(of({ email: person.email }))).toContain(
      'user.password ([blank]user.password)',
    );
    const sandbox = await ground.start(of({ email: person.email }, { sendSetPasswordEmail: 'true' }));
    const login = { loginId: person.email, password: 'anything else' };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(404);
  });

  it('needs one of three identities, and logs in by phone number only with its loginIdType', async () => {
    expect(await ground.refusal(of({ password: person.password }))).toContain(
      'user.email ([blank]user.email)',
    );
    const sandbox = await ground.start(of({ phoneNumber: '+4930123456', password: person.password }));
    const login = { loginId: '+4930123456', password: person.password };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(404);
    const byPhone = { ...login, loginIdTypes: ['phoneNumber'] };
    expect((await ask(sandbox, 'POST', '/api/login', byPhone)).status).toBe(200);
  });

  it.each([
    [{ ...person, email: 'nobody' }, 'user.email'],
    [{ ...person, birthDate: 'yesterday' }, 'user.birthDate'],
    [{ ...person, password: 'short' }, 'user.password'],
    [{ ...person, active: 'maybe' }, 'user.active'],
  ])('is refused by field: %j', async (user, field) => {
    expect(await ground.refusal(of(user))).toContain(`${field} (`);
  });

  it('follows the password rules of its tenant', async () => {
    const rules = { tenant: { passwordValidationRules: { minLength: '12' } } };
    const requests = (password: string) => [
      patch('/api/tenant/#{FUSIONAUTH_TENANT_ID}', rules),
      post('/api/user', { user: { ...person, password } }),
    ];
    expect(await ground.refusal({ requests: requests('eleven char') })).toContain('at least 12 characters');
    await ground.start({ requests: requests('twelve chars') });
  });
});

describe('users that are imported', () => {
  const salt = Buffer.from('a salt of 32 bytes, as it must be').toString('base64');
  const registrations = [{ applicationId: client.client_id, roles: ['admin'] }];
  const requests = (users: object[], more: object = {}) => [
    ...clientAndPerson({ roles: ['admin'] }).slice(0, 1),
    post('/api/user/import', { users, ...more }),
  ];

  it('log in with a password that was hashed elsewhere, and have their registrations', async () => {
    const { pbkdf2Sync } = await import('node:crypto');
    const hash = pbkdf2Sync(person.password, Buffer.from(salt, 'base64'), 1000, 32, 'sha256').toString(
      'base64',
    );
    const hashed = { email: 'Ada@example.com', password: hash, salt, factor: 1000, registrations };
    const plain = { username: 'bruno', password: 'as he types it', active: 'false' };
    const scheme = { encryptionScheme: 'salted-pbkdf2-hmac-sha256' };
    const sandbox = await ground.start({ requests: requests([{ ...hashed, ...scheme }, plain]) });
    expect(decodeJwt(token(await logIn(sandbox, 'openid')))['roles']).toEqual(['admin']);
    const login = { loginId: 'bruno', password: 'as he types it' };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(423);
    const seen = await ask(sandbox, 'GET', '/api/user?loginId=ada@example.com');
    expect(JSON.stringify(seen.body)).not.toContain(hash);
  });

  it('get 501 for another hashing scheme', async () => {
    const password = createHash('md5').update('x').digest('base64');
    const user = { email: 'ada@example.com', password, salt, encryptionScheme: 'salted-md5' };
    const sandbox = await ground.start({ requests: requests([user]) });
    const login = { loginId: 'ada@example.com', password: 'x' };
    expect((await ask(sandbox, 'POST', '/api/login', login)).status).toBe(501);
  });

  it.each([
    [[person, { ...person, email: 'ADA@example.com' }], 'user.email ([duplicate]'],
    [
      [{ ...person, registrations: [{ applicationId: id }] }],
      'users[0].registrations[0].applicationId ([invalid]',
    ],
    [
      [{ ...person, registrations: [{ ...registrations[0], roles: ['owner'] }] }],
      'users[0].registrations[0].roles ([invalid]',
    ],
    [[], 'users ([invalid]users)'],
  ])('are all refused if one is invalid: %j', async (users, said) => {
    expect(await ground.refusal({ requests: requests(users) })).toContain(said);
  });
});

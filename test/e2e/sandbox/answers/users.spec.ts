import {
  adaId,
  api,
  applicationId,
  configure,
  configureTenant,
  logIn,
  postLogIn,
  tenantId,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

type Body = Record<string, Record<string, unknown>>;
const send = async (method: string, path: string, body?: unknown, headers?: Record<string, string>) => {
  const answer = await api(sandbox, method, path, body, headers);
  const text = await answer.text();
  return { status: answer.status, text, body: (text === '' ? {} : JSON.parse(text)) as Body };
};
const password = 'password of dana';

describe('a user', () => {
  it('is created, found by id, e-mail and log-in id, changed and removed', async () => {
    const created = await send('POST', '/api/user', {
      user: { email: 'Dana@example.com', password, data: { a: 1 } },
    });
    expect(created.status).toBe(200);
    const { id } = created.body['user'] as { id: string };
    for (const path of [
      `/api/user/${id}`,
      '/api/user?email=dana@example.com',
      '/api/user?loginId=dana@example.com',
    ])
      expect((await send('GET', path)).body['user']?.['id']).toBe(id);

    const replaced = await send('PUT', `/api/user/${id}`, {
      user: { email: 'dana@example.com', firstName: 'Dana' },
    });
    expect(replaced.body['user']).toMatchObject({ id, firstName: 'Dana', active: true });
    expect(replaced.body['user']?.['data']).toEqual({});
    expect((await postLogIn(sandbox, { loginId: 'dana@example.com', password })).status).toBe(302);
    expect(await send('DELETE', `/api/user/${id}?hardDelete=true`)).toMatchObject({ status: 200, text: '' });
    expect(await send('GET', `/api/user/${id}`)).toMatchObject({ status: 404, text: '' });
  });

  it('is answered without fields that are null', async () => {
    const user = { email: 'dana@example.com', password, firstName: null, data: { a: null, b: [1] } };
    const { body } = await send('POST', '/api/user', { user });
    expect(body['user']).not.toHaveProperty('firstName');
    expect(body['user']?.['data']).toEqual({ b: [1] });
  });

  it('is answered without its password in any form, with instants in milliseconds', async () => {
    const { text, body } = await send('GET', `/api/user/${adaId}`);
    expect(text).not.toMatch(/password"|hash|salt|null/);
    expect(text).not.toContain(sandbox.secrets['ADA_PASSWORD']);
    expect(body['user']).toMatchObject({
      id: adaId,
      active: true,
      email: 'ada@example.com',
      tenantId,
      timezone: 'Europe/London',
      verified: true,
      registrations: [{ applicationId, roles: ['todo-reader', 'todo-writer'] }],
    });
    expect(body['user']?.['insertInstant']).toBeGreaterThan(1e12);
  });

  it('is deactivated, shown as inactive, and reactivated', async () => {
    await send('DELETE', `/api/user/${adaId}`);
    expect((await send('GET', `/api/user/${adaId}`)).body['user']?.['active']).toBe(false);
    const { body } = await send('PUT', `/api/user/${adaId}?reactivate=true`);
    expect(body['user']?.['active']).toBe(true);
    await logIn(sandbox);
  });

  it.each([
    ['no identity', { password }, 'user.email', '[blank]user.email'],
    ['the address of another', { email: 'ADA@example.com', password }, 'user.email', '[duplicate]user.email'],
    [
      'a short password',
      { email: 'dana@example.com', password: 'short' },
      'user.password',
      '[tooShort]user.password',
    ],
    ['no address at all', { email: 'dana' }, 'user.email', '[invalid]user.email'],
    [
      'a made-up time zone',
      { email: 'd@example.com', timezone: 'Mars/Olympus' },
      'user.timezone',
      '[invalid]user.timezone',
    ],
  ])('with %s is refused by field', async (_case, user, field, code) => {
    const { status, body } = await send('POST', '/api/user', { user });
    expect(status).toBe(400);
    expect(body['fieldErrors']).toEqual({ [field]: [{ code, message: expect.any(String) }] });
  });

  it('is patched: JSON appends to arrays, as FusionAuth does; a merge patch replaces them and removes by null', async () => {
    const path = `/api/user/${adaId}`;
    await send('PATCH', path, { user: { data: { tags: ['a'], keep: 1 } } });
    const appended = await send('PATCH', path, { user: { data: { tags: ['b'] } } });
    expect(appended.body['user']?.['data']).toEqual({ tags: ['a', 'b'], keep: 1 });
    const merged = await send(
      'PATCH',
      path,
      { user: { data: { tags: ['c'], keep: null } } },
      { 'content-type': 'application/merge-patch+json' },
    );
    expect(merged.body['user']).toMatchObject({
      data: { tags: ['c'] },
      email: 'ada@example.com',
      active: true,
    });
    expect(merged.body['user']?.['data']).not.toHaveProperty('keep');
    await logIn(sandbox);
  });

  it('with an address that another request is taking at the same time is refused', async () => {
    const user = { email: 'twins@example.com', password };
    const answers = await Promise.all([1, 2, 3].map(() => send('POST', '/api/user', { user })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400, 400]);
  });

  it('with an id that another request is taking at the same time is refused', async () => {
    const create = (email: string) =>
      send('POST', '/api/user/11111111-2222-4333-8444-555555555555', { user: { email, password } });
    const answers = await Promise.all([create('one@example.com'), create('two@example.com')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 400]);
  });

  it.each([
    ['a capital and a small letter', { requireMixedCase: true }, 'all of it small', 'singleCase'],
    ['a number', { requireNumber: true }, 'without a digit', 'requireNumber'],
    ['another character than letters', { requireNonAlpha: true }, 'OnlyLetters', 'onlyAlpha'],
    ['at most 12 characters', { maxLength: 12 }, 'thirteen char', 'tooLong'],
  ])('needs %s in the password if the tenant requires it', async (_rule, rules, wrong, code) => {
    await configureTenant(sandbox, { passwordValidationRules: rules });
    const { status, body } = await send('PATCH', `/api/user/${adaId}`, { user: { password: wrong } });
    expect([status, body['fieldErrors']]).toMatchObject([
      400,
      { 'user.password': [{ code: `[${code}]user.password` }] },
    ]);
    const fitting = { user: { password: 'Fitting 1234' } };
    expect((await send('PATCH', `/api/user/${adaId}`, fitting)).status).toBe(200);
  });

  it('with an imported hash of the wrong length cannot log in with any password', async () => {
    const hash = Buffer.from('short').toString('base64');
    const user = { email: 'dana@example.com', password: hash, salt: hash, factor: 1 };
    await send('POST', '/api/user/import', {
      encryptionScheme: 'salted-pbkdf2-hmac-sha256',
      users: [user],
    });
    const login = { loginId: user.email, password };
    expect((await send('POST', '/api/login', login)).status).toBe(404);
  });

  it('keeps what only the server sets', async () => {
    const user = { id: tenantId, active: false, registrations: [], email: 'ada@example.com' };
    const { body } = await send('PUT', `/api/user/${adaId}`, { user });
    expect(body['user']).toMatchObject({ id: adaId, active: true, registrations: [{ applicationId }] });
  });
});

describe('a registration', () => {
  const registration = { applicationId, roles: ['todo-reader'] };

  it('is made together with a new user, or for one who exists', async () => {
    const both = await send('POST', '/api/user/registration', {
      user: { email: 'dana@example.com', password },
      registration,
    });
    expect(both.body).toMatchObject({ user: { registrations: [{ applicationId }] }, registration });
    const { id } = both.body['user'] as { id: string };
    await send('DELETE', `/api/user/registration/${id}/${applicationId}`);
    const alone = await send('POST', `/api/user/registration/${id}`, { registration });
    expect(alone.body).not.toHaveProperty('user');
    expect(await send('GET', `/api/user/registration/${id}/${applicationId}`)).toMatchObject({
      status: 200,
      body: { registration },
    });
  });

  it('gets the default roles if the request names none', async () => {
    await configure(sandbox, { roles: [{ name: 'todo-reader', isDefault: true }, { name: 'todo-writer' }] });
    const { body } = await send('POST', '/api/user/registration', {
      user: { email: 'dana@example.com', password },
      registration: { applicationId },
    });
    expect(body['registration']?.['roles']).toEqual(['todo-reader']);
  });

  it.each([
    ['a role the application lacks', { applicationId, roles: ['king'] }, '[invalid]registration.roles'],
    ['an unknown application', { applicationId: adaId }, '[invalid]registration.applicationId'],
    ['no application', {}, '[blank]registration.applicationId'],
  ])('with %s is refused, and no user is left behind', async (_case, wrong, code) => {
    const body = { user: { email: 'dana@example.com', password }, registration: wrong };
    const refused = await send('POST', '/api/user/registration', body);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(code);
    expect((await send('GET', '/api/user?email=dana@example.com')).status).toBe(404);
  });

  it('does not connect a user with an application of another tenant', async () => {
    const other = { 'x-fusionauth-tenantid': '11111111-2222-4333-8444-555555555555' };
    await send('POST', `/api/tenant/${other['x-fusionauth-tenantid']}`, { tenant: { name: 'Other' } });
    const created = await send('POST', '/api/application', { application: { name: 'Theirs' } }, other);
    const theirs = { applicationId: (created.body['application'] as { id: string }).id };
    const made = await send('POST', `/api/user/registration/${adaId}`, { registration: theirs });
    expect(made).toMatchObject({ status: 404, text: '' });
    const imported = await send(
      'POST',
      '/api/user/import',
      { users: [{ email: 'dana@example.com', password, registrations: [theirs] }] },
      { 'x-fusionauth-tenantid': tenantId },
    );
    expect(imported.body['fieldErrors']).toHaveProperty(['users[0].registrations[0].applicationId']);
  });

  it('is not made twice', async () => {
    const { status, text } = await send('POST', `/api/user/registration/${adaId}`, { registration });
    expect([status, text]).toEqual([400, expect.stringContaining('[duplicate]registration')]);
  });

  it('carries an authentication token, chosen or generated, and a new one replaces the old', async () => {
    const put = async (body: object) =>
      (await send('PUT', `/api/user/registration/${adaId}`, body)).body['registration']?.[
        'authenticationToken'
      ];
    expect(await put({ registration: { ...registration, authenticationToken: 'chosen' } })).toBe('chosen');
    expect(await put({ registration })).toBe('chosen');
    const generated = await put({ registration, generateAuthenticationToken: true });
    expect(generated).toMatch(/^[\w-]{43}$/);
    await configure(sandbox, { authenticationTokenConfiguration: { enabled: false } });
    await send('DELETE', `/api/user/registration/${adaId}/${applicationId}`);
    const without = await send('POST', `/api/user/registration/${adaId}`, {
      registration,
      generateAuthenticationToken: true,
    });
    expect(without.body['registration']).not.toHaveProperty('authenticationToken');
  });

  it('is patched and removed', async () => {
    const patch = await send('PATCH', `/api/user/registration/${adaId}`, {
      registration: { applicationId, roles: ['todo-auditor'] },
    });
    expect(patch.body['registration']?.['roles']).toEqual(['todo-reader', 'todo-writer', 'todo-auditor']);
    expect((await send('DELETE', `/api/user/registration/${adaId}/${applicationId}`)).status).toBe(200);
    expect((await send('GET', `/api/user/registration/${adaId}/${applicationId}`)).status).toBe(404);
  });
});

describe('what the sandbox does not do', () => {
  it.each([
    ['POST', '/api/jwt/vend'],
    ['PUT', '/api/login'],
    ['POST', '/api/passwordless/start'],
    ['GET', '/api/report/totals'],
    ['GET', '/admin/'],
  ])('answers %s %s with 501 that names it', async (method, path) => {
    const { status, body } = await send(method, `${path}?secret=s3cret`);
    expect(status).toBe(501);
    expect(JSON.stringify(body)).toContain(`${method} ${path}`);
    expect(JSON.stringify(body)).not.toContain('s3cret');
  });

  it('answers a JSON Patch with 501', async () => {
    const jsonPatch = await send('PATCH', `/api/user/${adaId}`, [], {
      'content-type': 'application/json-patch+json',
    });
    expect(jsonPatch.status).toBe(501);
  });
});

describe('bodies', () => {
  const raw = (body: string, type = 'application/json') =>
    fetch(`${sandbox.url}/api/user`, {
      method: 'POST',
      headers: { authorization: sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']!, 'content-type': type },
      body,
    });

  it.each(['{"user":', '"text"', '', '{"__proto__":{"active":false}}'])(
    'of %j are refused with 400',
    async (body) => {
      const answer = await raw(body);
      expect(answer.status).toBe(400);
      expect(await answer.json()).toHaveProperty('generalErrors');
    },
  );

  it('of thousands of imported users are accepted; over 16 MiB they are 413, of another media type 415', async () => {
    const data = { note: 'x'.repeat(8_000_000) };
    const large = JSON.stringify({ user: { email: 'dana@example.com', password, data } });
    expect((await raw(large)).status).toBe(200);
    expect((await raw(JSON.stringify({ user: 'x'.repeat(17_000_000) }))).status).toBe(413);
    expect((await raw('<user/>', 'application/xml')).status).toBe(415);
  });
});

describe('a JSON body', () => {
  it('nested too deeply is refused with 400', async () => {
    const body = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${sandbox.url}/api/login`, { method: 'POST', headers, body });
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('[invalidJSON]')]);
  });
});

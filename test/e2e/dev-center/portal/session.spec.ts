import { randomUUID } from 'node:crypto';
import { minutes, passed, world } from './clocked-world.js';
import { readHiddenFields } from './html.js';

describe('a session', () => {
  it('expires after an hour: pages then lead to the log-in, and forms change nothing', async () => {
    const ada = await world.loggedIn('ada');
    const formToken = await ada.formToken();
    passed(minutes(61));
    expect((await ada.get('/audit')).location).toBe('/login?to=%2Faudit');
    const fields = { formToken, name: 'too-late', strategy: 'api-key', key: randomUUID() };
    const answer = await ada.send('/clients/new', fields, { origin: world.url });
    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('nothing was changed')]);
  });

  it.each([
    [
      '/clients/new',
      { name: 'Typed & long (really)', strategy: 'email-token', expires: '30d', formToken: 'x', key: 'x' },
    ],
    ['/credentials/0198-x/rotate', { overlap: '1h', expires: '' }],
    ['/credentials/0198-x/revoke', {}],
    ['/doctor', { credential: 'a-secret-that-was-pasted' }],
  ] as [string, Record<string, string>][])(
    'that expired before the form at %s was sent leads to a log-in that returns there, with the input but no secret',
    async (path, fields) => {
      const visitor = world.visitor();
      const { body } = await visitor.send(path, fields, { origin: world.url });
      const to = decodeURIComponent(/href="\/login\?to=([^"]+)"/.exec(body)![1]!);
      expect(to).not.toMatch(/secret|formToken|key/);
      const back = await visitor.logIn(world.person('ada'), to);
      expect(back.location).toBe(to);
      const { formToken: _token, key: _key, credential: _secret, ...typed } = fields;
      const { pathname, searchParams } = new URL(to, world.url);
      expect([pathname, Object.fromEntries(searchParams)]).toEqual([path, typed]);
    },
  );

  it('that expired leads back to the form with its input', async () => {
    const grace = await world.loggedIn('grace');
    const { body } = await grace.get(
      '/clients/new?name=half-typed&strategy=email-token&expires=30d&role-todo-auditor=on&problem=forged&key=forged',
    );
    expect(body).toContain('value="half-typed"');
    expect(body).toMatch(/value="email-token" required checked/);
    expect(body).toMatch(/value="30d" selected/);
    expect(body).toMatch(/name="role-todo-auditor" checked/);
    expect(body).not.toMatch(/name="role-todo-reader" checked/);
    expect(body).not.toContain('forged');
  });

  it('that was forged or changed is not accepted', async () => {
    const ada = await world.loggedIn('ada');
    const sealed = ada.cookies.get('gatehouse-session')!;
    const changed = sealed.replace(
      /\.([\w-])([\w-]+)$/,
      (_tag, first, rest) => `.${first === 'A' ? 'B' : 'A'}${rest}`,
    );
    expect(changed).not.toBe(sealed);
    for (const forged of ['x', changed]) {
      ada.cookies.set('gatehouse-session', forged);
      expect((await ada.get('/clients')).status).toBe(303);
    }
  });

  it('cannot be replaced by the cookie of a log-in in progress', async () => {
    const visitor = world.visitor();
    await visitor.get('/login');
    const [[name, value] = []] = [...visitor.cookies];
    expect(name).toMatch(/^gatehouse-login-/);
    visitor.cookies.set('gatehouse-session', value!);
    expect((await visitor.get('/clients')).status).toBe(303);
  });

  it('ends at log-out, but a refresh token that was issued in it remains valid', async () => {
    const ada = await world.loggedIn('ada');
    const key = randomUUID();
    await ada.post('/clients/new', { name: 'goes-on', strategy: 'jwt', expires: '', key });
    const { body } = await ada.get(`/orders/${key}`);
    const token = /id="secret"\s+value="([^"]+)"/.exec(body)![1]!;
    const left = await ada.post('/logout');
    expect([left.status, left.location]).toEqual([303, '/?notice=logged-out']);
    expect((await ada.get('/clients')).status).toBe(303);
    const refreshed = await fetch(`${world.sandbox.url}/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        client_id: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
        refresh_token: token,
      }),
    });
    expect(refreshed.status).toBe(200);
  });
});

describe('a form', () => {
  const sent = () => ({ name: 'forged', strategy: 'api-key', expires: '', key: randomUUID() });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['nowhere that it would name', {}],
    ['a page without an origin', { origin: 'null' }],
    ['the same machine by another name', { origin: 'http://localhost:3001' }],
  ] as [string, Record<string, string>][])(
    'from %s changes nothing, even with the token of its session',
    async (_what, headers) => {
      const ada = await world.loggedIn('ada');
      const answer = await ada.send('/clients/new', { formToken: await ada.formToken(), ...sent() }, headers);
      expect([answer.status, answer.text]).toEqual([403, expect.not.stringContaining('Open the form again')]);
      expect((await ada.get('/clients/forged')).status).toBe(404);
    },
  );

  it('without the token of its session changes nothing, even from the portal’s origin', async () => {
    const [ada, other] = [await world.loggedIn('ada'), await world.loggedIn('ada')];
    for (const formToken of ['', 'x', await other.formToken()]) {
      const answer = await ada.send('/clients/new', { formToken, ...sent() }, { origin: world.url });
      expect(answer.status).toBe(403);
    }
    expect((await ada.get('/clients/forged')).status).toBe(404);
  });

  it('with a field twice is treated as without that field', async () => {
    const ada = await world.loggedIn('ada');
    const formToken = await ada.formToken();
    const twice = (name: string, value: string): [string, string][] => [
      [name, value],
      [name, value],
    ];
    const headers = { origin: world.url };
    expect((await ada.send('/doctor', twice('formToken', formToken), headers)).status).toBe(403);
    const fields: [string, string][] = [['formToken', formToken], ...twice('credential', 'x')];
    const answer = await ada.send('/doctor', fields, headers);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('Paste a credential first')]);
  });

  it('from another site cannot log a person out', async () => {
    const ada = await world.loggedIn('ada');
    const headers = { origin: 'https://evil.example' };
    expect((await ada.send('/logout', { formToken: await ada.formToken() }, headers)).status).toBe(403);
    expect((await ada.get('/clients')).status).toBe(200);
  });

  it('that is longer than any credential is refused with 413', async () => {
    const ada = await world.loggedIn('ada');
    expect((await ada.post('/doctor', { credential: 'x'.repeat(40_000) })).status).toBe(413);
  });

  it('contains the same token on every page of a session', async () => {
    const ada = await world.loggedIn('ada');
    const tokens = await Promise.all(
      ['/', '/clients/new', '/doctor'].map(async (path) =>
        readHiddenFields((await ada.get(path)).body).getAll('formToken'),
      ),
    );
    expect(new Set(tokens.flat()).size).toBe(1);
  });
});

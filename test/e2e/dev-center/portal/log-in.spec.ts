import { randomUUID } from 'node:crypto';
import { readHiddenFields } from './html.js';
import { type PortalWorld, startPortalWorld } from './portal-world.js';

const minutes = (count: number) => count * 60_000;
let present = Date.now();
let world: PortalWorld;
beforeAll(async () => {
  world = await startPortalWorld({ clock: () => present });
});
afterAll(() => world.close());
const passed = (milliseconds: number) => void (present += milliseconds);

/** A user of the sandbox, registered for the application unless told otherwise. */
async function somebody(user: object, { registered = true } = {}) {
  const id = randomUUID();
  const password = 'a-password-of-this-test';
  const body = {
    user: { password, ...user },
    skipVerification: true,
    skipRegistrationVerification: true,
    ...(registered && {
      registration: { applicationId: 'a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c', roles: ['todo-reader'] },
    }),
  };
  const path = registered ? `/api/user/registration/${id}` : `/api/user/${id}`;
  const answer = await fetch(world.sandbox.url + path, {
    method: 'POST',
    headers: {
      authorization: world.sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? '',
      'content-type': 'application/json',
      'x-fusionauth-tenantid': '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01',
    },
    body: JSON.stringify(body),
  });
  if (answer.status !== 200) throw new Error(await answer.text());
  const { email = '', username = email } = user as { email?: string; username?: string };
  return { id, email: username, password };
}

describe('logging in', () => {
  it('asks FusionAuth for openid alone, with PKCE, state and nonce, and returns to the exact address', async () => {
    const { status, location, headers } = await world.visitor().get('/login');
    const asked = Object.fromEntries(new URL(location!).searchParams);
    expect([status, headers.get('cache-control')]).toEqual([303, 'no-store']);
    expect(asked).toMatchObject({
      scope: 'openid',
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${world.url}/callback`,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
  });

  it('leads to the page that was wanted, in a cookie that no script can read and no other site sends', async () => {
    const ada = world.visitor();
    const wanted = await ada.get('/clients/new');
    expect([wanted.status, wanted.location]).toEqual([303, '/login?to=%2Fclients%2Fnew']);
    const back = await ada.logIn(world.person('ada'), '/clients/new');
    expect([back.status, back.location]).toEqual([303, '/clients/new']);
    const [session] = back.headers.getSetCookie().filter((line) => line.startsWith('gatehouse-session='));
    expect(session).toMatch(/; HttpOnly/);
    expect(session).toMatch(/; SameSite=Lax/);
    // Sealed, not just signed: five parts of a JWE with direct encryption.
    expect(ada.cookies.get('gatehouse-session')).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await ada.get('/clients/new')).text).toContain('Ada');
  });

  it.each(['//evil.example', '/\\evil.example', 'https://evil.example/', '/%0d%0aLocation:x', 'clients'])(
    'never leads to another site: %s',
    async (to) => {
      const back = await world.visitor().logIn(world.person('ada'), to);
      expect(back.location).toMatch(/^\/(clients$|%0d)/);
    },
  );

  it('cannot continue in another browser: the state must be the one that was begun there', async () => {
    const callback = await world.visitor().atFusionAuth(world.person('ada'));
    const other = world.visitor();
    const answer = await other.get(callback);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('You are not logged in')]);
    expect(other.cookies.size).toBe(0);
  });

  it('is refused by a state that was changed on the way', async () => {
    const visitor = world.visitor();
    const callback = new URL(await visitor.atFusionAuth(world.person('ada')));
    const state = callback.searchParams.get('state')!;
    // Its beginning finds what was kept; the whole of it must fit.
    callback.searchParams.set('state', `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`);
    expect((await visitor.get(callback.href)).status).toBe(400);
    expect([...visitor.cookies.keys()]).toEqual([]);
  });

  it('is refused by an answer of another issuer', async () => {
    const visitor = world.visitor();
    const callback = new URL(await visitor.atFusionAuth(world.person('ada')));
    callback.searchParams.set('iss', 'https://evil.example');
    expect((await visitor.get(callback.href)).status).toBe(400);
  });

  it('is completed once: the same code again is refused, and the session continues', async () => {
    const ada = world.visitor();
    const callback = await ada.atFusionAuth(world.person('ada'));
    expect((await ada.get(callback)).status).toBe(303);
    const again = await ada.get(callback);
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('completed before')]);
    expect((await ada.get('/clients')).status).toBe(200);
  });

  it('is refused by FusionAuth itself where somebody kept the cookie and replays the code', async () => {
    const ada = world.visitor();
    const callback = await ada.atFusionAuth(world.person('ada'));
    const kept = new Map(ada.cookies);
    await ada.get(callback);
    for (const [name, value] of kept) ada.cookies.set(name, value);
    expect((await ada.get(callback)).status).toBe(400);
  });

  it('by thirty tabs leaves room in the requests of the browser, and the newest ones work', async () => {
    const ada = world.visitor();
    const callbacks: string[] = [];
    for (let tab = 0; tab < 30; tab += 1) callbacks.push(await ada.atFusionAuth(world.person('ada')));
    expect(ada.cookies.size).toBe(8);
    expect((await ada.get(callbacks.at(-8)!)).status).toBe(303);
    expect((await ada.get(callbacks.at(-1)!)).status).toBe(303);
    expect((await ada.get(callbacks[0]!)).status).toBe(400);
  });

  it('leads to the clients where the wanted address is too long for a cookie', async () => {
    expect((await world.visitor().logIn(world.person('ada'), `/${'x'.repeat(5_000)}`)).location).toBe(
      '/clients',
    );
  });

  it('by two tabs at once works in both', async () => {
    const ada = world.visitor();
    const first = await ada.atFusionAuth(world.person('ada'), '/doctor');
    const second = await ada.atFusionAuth(world.person('ada'), '/activity');
    expect((await ada.get(first)).location).toBe('/doctor');
    expect((await ada.get(second)).location).toBe('/activity');
  });

  it('is too late after ten minutes, and says so', async () => {
    const ada = world.visitor();
    const callback = await ada.atFusionAuth(world.person('ada'));
    passed(minutes(11));
    expect((await ada.get(callback)).text).toContain('took longer than ten minutes');
  });

  it('by clocks that differ too much says so, and does not log in', async () => {
    const { clock } = world.sandbox;
    clock.advance(-3 * minutes(60));
    const ada = world.visitor();
    const answer = await ada.logIn(world.person('ada'));
    clock.reset();
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('synchronise both by NTP')]);
    expect((await ada.get('/clients')).status).toBe(303);
  });

  it('that FusionAuth ended names the error', async () => {
    const visitor = world.visitor();
    const { location } = await visitor.get('/login');
    const state = new URL(location!).searchParams.get('state')!;
    const answer = await visitor.get(`/callback?error=access_denied&state=${state}&iss=gatehouse.example`);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('access_denied')]);
  });

  it('by another name of this machine begins at the address that FusionAuth returns to', async () => {
    const { port } = new URL(world.url);
    const answer = await fetch(`http://localhost:${port}/login?to=/doctor`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe(`${world.url}/login?at=public&to=%2Fdoctor`);
  });
});

describe('somebody', () => {
  it('without an address is called by the user name, and gets a credential', async () => {
    const nameless = world.visitor();
    await nameless.logIn(await somebody({ username: 'no-address' }));
    expect((await nameless.get('/clients')).text).toContain('no-address');
    const key = randomUUID();
    await nameless.post('/clients/new', { name: 'of-no-address', strategy: 'api-key', expires: '', key });
    expect((await nameless.get(`/orders/${key}`)).text).toContain('Your credential is active');
  });

  it('with a name from right to left, or a very long one, keeps the page in order', async () => {
    const longest = `${'x'.repeat(400)}<script>`;
    for (const [email, fullName] of [
      ['salma@example.com', 'سلمى الجزائري'],
      ['long@example.com', longest],
    ]) {
      const visitor = world.visitor();
      await visitor.logIn(await somebody({ email, fullName, verified: true }));
      const { body, status } = await visitor.get('/clients');
      expect(status).toBe(200);
      expect(body).toMatch(
        new RegExp(`<bdi title="${fullName!.slice(0, 10)}[^"]*">${fullName!.slice(0, 10)}`),
      );
      expect(body).not.toContain('<script>');
    }
  });

  it('who is not registered for the application reads so, and is not logged in', async () => {
    const stranger = world.visitor();
    const answer = await stranger.logIn(
      await somebody({ email: 'stranger@example.com', verified: true }, { registered: false }),
    );
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('ask its administrator')]);
    expect(stranger.cookies.size).toBe(0);
  });

  it('whose account was deactivated meanwhile changes nothing any more', async () => {
    const person = await somebody({ email: 'leaver@example.com', verified: true });
    const leaver = world.visitor();
    await leaver.logIn(person);
    await fetch(`${world.sandbox.url}/api/user/${person.id}`, {
      method: 'DELETE',
      headers: { authorization: world.sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? '' },
    });
    const sent = { name: 'of-leaver', strategy: 'api-key', expires: '', key: randomUUID() };
    expect((await leaver.post('/clients/new', sent)).status).toBe(403);
  });
});

describe('a session', () => {
  it('ends after an hour: pages lead to the log-in, and forms change nothing', async () => {
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

  it('that ended shows a form again as it was filled in', async () => {
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

  it('that somebody made up or changed is none', async () => {
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

  it('is no log-in, and a log-in that is under way is no session', async () => {
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
      expect(answer.status).toBe(403);
      expect((await ada.get('/clients/forged')).status).toBe(404);
    },
  );

  it('without the token of its session changes nothing, even from the portal itself', async () => {
    const [ada, other] = [await world.loggedIn('ada'), await world.loggedIn('ada')];
    for (const formToken of ['', 'x', await other.formToken()]) {
      const answer = await ada.send('/clients/new', { formToken, ...sent() }, { origin: world.url });
      expect(answer.status).toBe(403);
    }
    expect((await ada.get('/clients/forged')).status).toBe(404);
  });

  it('cannot log somebody out from another site either', async () => {
    const ada = await world.loggedIn('ada');
    const headers = { origin: 'https://evil.example' };
    expect((await ada.send('/logout', { formToken: await ada.formToken() }, headers)).status).toBe(403);
    expect((await ada.get('/clients')).status).toBe(200);
  });

  it('that is longer than any credential is refused before it is read', async () => {
    const ada = await world.loggedIn('ada');
    expect((await ada.post('/doctor', { credential: 'x'.repeat(40_000) })).status).toBe(413);
  });

  it('bears the token of the session, as every page shows it', async () => {
    const ada = await world.loggedIn('ada');
    const tokens = await Promise.all(
      ['/', '/clients/new', '/doctor'].map(async (path) =>
        readHiddenFields((await ada.get(path)).body).getAll('formToken'),
      ),
    );
    expect(new Set(tokens.flat()).size).toBe(1);
  });
});

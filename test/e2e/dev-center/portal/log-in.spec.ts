import { randomUUID } from 'node:crypto';
import { tenantId } from '../../sandbox/started-sandbox.js';
import { minutes, passed, world } from './clocked-world.js';
import { newPerson } from './people.js';

describe('logging in', () => {
  it('requests only openid, with PKCE, state and nonce, and returns to the exact address', async () => {
    const { status, location, headers } = await world.visitor().get('/login');
    const asked = Object.fromEntries(new URL(location!).searchParams);
    expect([status, headers.get('cache-control')]).toEqual([303, 'no-store']);
    expect(asked).toMatchObject({
      scope: 'openid',
      tenantId,
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${world.url}/callback`,
    });
    for (const name of ['state', 'nonce', 'code_challenge']) expect(asked[name]).toMatch(/^[\w-]{43}$/);
  });

  it('leads to the requested page, with a cookie that scripts cannot read and other sites do not send', async () => {
    const ada = world.visitor();
    const wanted = await ada.get('/clients/new');
    expect([wanted.status, wanted.location]).toEqual([303, '/login?to=%2Fclients%2Fnew']);
    const back = await ada.logIn(world.person('ada'), '/clients/new');
    expect([back.status, back.location]).toEqual([303, '/clients/new']);
    const [session] = back.headers.getSetCookie().filter((line) => line.startsWith('gatehouse-session='));
    expect(session).toMatch(/; Max-Age=3600; Path=\/; HttpOnly/);
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

  it('cannot be completed in another browser, which does not have its state', async () => {
    const callback = await world.visitor().atFusionAuth(world.person('ada'));
    const other = world.visitor();
    const answer = await other.get(callback);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('You are not logged in')]);
    expect(other.cookies.size).toBe(0);
  });

  it('is refused if its state was changed', async () => {
    const visitor = world.visitor();
    const callback = new URL(await visitor.atFusionAuth(world.person('ada')));
    const state = callback.searchParams.get('state')!;
    // Its beginning finds what was kept; the whole of it must fit.
    callback.searchParams.set('state', `${state.slice(0, -1)}${state.endsWith('A') ? 'B' : 'A'}`);
    expect((await visitor.get(callback.href)).status).toBe(400);
    expect([...visitor.cookies.keys()]).toEqual([]);
  });

  it('is refused if the answer has another issuer', async () => {
    const visitor = world.visitor();
    const callback = new URL(await visitor.atFusionAuth(world.person('ada')));
    callback.searchParams.set('iss', 'https://evil.example');
    expect((await visitor.get(callback.href)).status).toBe(400);
  });

  it('is completed once: the same code is then refused, and the session remains valid', async () => {
    const ada = world.visitor();
    const callback = await ada.atFusionAuth(world.person('ada'));
    expect((await ada.get(callback)).status).toBe(303);
    const again = await ada.get(callback);
    expect([again.status, again.text]).toEqual([400, expect.stringContaining('completed before')]);
    expect((await ada.get('/clients')).status).toBe(200);
  });

  it('is refused by FusionAuth if its cookie and code are replayed', async () => {
    const ada = world.visitor();
    const callback = await ada.atFusionAuth(world.person('ada'));
    const kept = new Map(ada.cookies);
    await ada.get(callback);
    for (const [name, value] of kept) ada.cookies.set(name, value);
    expect((await ada.get(callback)).status).toBe(400);
  });

  it('in thirty tabs leaves eight cookies and those of others, and the newest log-ins work', async () => {
    const ada = world.visitor();
    ada.cookies.set('of-another-program', 'x');
    const callbacks: string[] = [];
    for (let tab = 0; tab < 30; tab += 1) callbacks.push(await ada.atFusionAuth(world.person('ada')));
    expect([ada.cookies.size, ada.cookies.has('of-another-program')]).toEqual([9, true]);
    expect((await ada.get(callbacks.at(-8)!)).status).toBe(303);
    expect((await ada.get(callbacks.at(-1)!)).status).toBe(303);
    expect((await ada.get(callbacks[0]!)).status).toBe(400);
  });

  it('leads to the clients if the requested address is too long for a cookie', async () => {
    expect((await world.visitor().logIn(world.person('ada'), `/${'x'.repeat(5_000)}`)).location).toBe(
      '/clients',
    );
  });

  it('in two tabs works in both', async () => {
    const ada = world.visitor();
    const first = await ada.atFusionAuth(world.person('ada'), '/doctor');
    const second = await ada.atFusionAuth(world.person('ada'), '/activity');
    expect((await ada.get(first)).location).toBe('/doctor');
    expect((await ada.get(second)).location).toBe('/activity');
  });

  it('fails after ten minutes, with the reason', async () => {
    const ada = world.visitor();
    const callback = await ada.atFusionAuth(world.person('ada'));
    passed(minutes(11));
    expect((await ada.get(callback)).text).toContain('took longer than ten minutes');
  });

  it('fails if the clocks differ too much, with the reason', async () => {
    const { clock } = world.sandbox;
    clock.advance(-3 * minutes(60));
    const ada = world.visitor();
    const answer = await ada.logIn(world.person('ada'));
    clock.reset();
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('synchronise both by NTP')]);
    expect((await ada.get('/clients')).status).toBe(303);
  });

  it('that FusionAuth refused shows its error', async () => {
    const visitor = world.visitor();
    const { location } = await visitor.get('/login');
    const state = new URL(location!).searchParams.get('state')!;
    const answer = await visitor.get(`/callback?error=access_denied&state=${state}&iss=gatehouse.example`);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('access_denied')]);
  });

  it('at another host name starts at the address that FusionAuth returns to', async () => {
    const { port } = new URL(world.url);
    const answer = await fetch(`http://localhost:${port}/login?to=/doctor`, { redirect: 'manual' });
    expect(answer.headers.get('location')).toBe(`${world.url}/login?at=public&to=%2Fdoctor`);
  });
});

describe('somebody', () => {
  const roles = ['todo-reader'];

  it('without an e-mail is shown by user name, and gets a credential', async () => {
    const nameless = world.visitor();
    await nameless.logIn(await newPerson(world, { username: 'no-address' }, roles));
    expect((await nameless.get('/clients')).text).toContain('no-address');
    const key = randomUUID();
    await nameless.post('/clients/new', { name: 'of-no-address', strategy: 'api-key', expires: '', key });
    expect((await nameless.get(`/orders/${key}`)).text).toContain('Your credential is active');
  });

  it('with a right-to-left name, or a very long one with markup, does not disturb the page', async () => {
    for (const [email, fullName, shown] of [
      ['salma@example.com', 'سلمى الجزائري', 'سلمى الجزائري'],
      ['long@example.com', `<i>"${'x'.repeat(5_000)}`, '&lt;i&gt;&quot;xxx'],
    ] as const) {
      const visitor = world.visitor();
      await visitor.logIn(await newPerson(world, { email, fullName, verified: true }, roles));
      expect(visitor.cookies.get('gatehouse-session')!.length).toBeLessThan(2_000);
      const { body, status } = await visitor.get('/clients');
      expect(status).toBe(200);
      expect(body).toMatch(new RegExp(`<bdi title="${shown}[^"]*">${shown}`));
    }
  });

  it('who is not registered for the application is not logged in, with the reason', async () => {
    const stranger = world.visitor();
    const answer = await stranger.logIn(
      await newPerson(world, { email: 'stranger@example.com', verified: true }, undefined),
    );
    expect([answer.status, answer.text]).toEqual([403, expect.stringContaining('ask its administrator')]);
    expect(stranger.cookies.size).toBe(0);
  });
});

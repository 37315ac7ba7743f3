import { decodeJwt } from 'jose';
import { domainOf } from '../../../../tools/sandbox/src/hosted-backend/cookies.js';
import { adaId, applicationId, call, configure, redirectUri } from '../started-sandbox.js';
import { sandbox } from './ground.js';

/** The cookies of one browser, and what was said of each when it was last set. */
class Browser {
  readonly cookies = new Map<string, { value: string; attributes: string[] }>();

  async ask(
    path: string,
    { form, ...init }: RequestInit & { form?: URLSearchParams } = {},
  ): Promise<Response> {
    const cookie = [...this.cookies].map(([name, { value }]) => `${name}=${value}`).join('; ');
    const answer = await fetch(path.startsWith('/') ? sandbox.url + path : path, {
      redirect: 'manual',
      ...init,
      ...(form && { method: 'POST', body: form }),
      headers: { cookie, ...(init.headers as Record<string, string> | undefined) },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split('=');
      if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
      else this.cookies.set(name, { value, attributes });
    }
    return answer;
  }

  value(name: string): string {
    return this.cookies.get(name)?.value ?? '';
  }

  /** Begins at `path` and logs Ada in; returns the answer of the callback. */
  async logIn(path = `/app/login/${applicationId}?state=mine`, changes: Record<string, string> = {}) {
    const form = new URL(locationOf(await this.ask(path))).searchParams;
    for (const [name, value] of Object.entries(changes)) form.set(name, value);
    return this.ask(locationOf(await this.submit(form)));
  }

  /** Sends the log-in form with Ada's password. */
  submit(parameters: URLSearchParams): Promise<Response> {
    parameters.set('loginId', 'ada@example.com');
    parameters.set('password', sandbox.secrets['ADA_PASSWORD']!);
    return this.ask('/oauth2/authorize', { form: parameters });
  }

  refresh(path = `/app/refresh/?client_id=${applicationId}`, init: RequestInit = {}) {
    return this.ask(path, { method: 'POST', headers: { 'content-type': 'text/plain' }, ...init });
  }
}

const locationOf = (answer: Response): string => answer.headers.get('location') ?? '';
const names = (browser: Browser) => [...browser.cookies.keys()].toSorted();
const session = ['app.at', 'app.at_exp', 'app.idt', 'app.rt'];

/** A page that says what is wrong, which FusionAuth sends with status 200. */
async function expectErrorPage(answer: Response, text: string): Promise<void> {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(await answer.text()).toContain(text);
  expect(answer.headers.getSetCookie()).toEqual([]);
}

let browser: Browser;
beforeEach(() => (browser = new Browser()));

const forms = [
  ['as documented', (path: string, query = '') => `${path}/${applicationId}?${query}`],
  ['as documented, with a slash', (path: string, query = '') => `${path}/${applicationId}/?${query}`],
  ['as the SDKs call it', (path: string, query = '') => `${path}/?client_id=${applicationId}&${query}`],
  [
    'as the SDKs call it, without the slash',
    (path: string, query = '') => `${path}?client_id=${applicationId}&${query}`,
  ],
] as const;

describe('a complete log-in through the Hosted Backend', () => {
  it.each(forms)('logs in, reads /app/me, refreshes and logs out: %s', async (_how, at) => {
    const back = encodeURIComponent(redirectUri);
    const landed = await browser.logIn(at('/app/login', `state=mine&redirect_uri=${back}`));
    expect([landed.status, locationOf(landed)]).toEqual([302, `${redirectUri}?state=mine`]);
    expect(names(browser)).toEqual(session);

    const me = await browser.ask('/app/me/');
    expect([me.status, await me.json()]).toEqual([200, expect.objectContaining({ sub: adaId })]);

    const before = browser.value('app.at');
    expect((await browser.refresh(at('/app/refresh'))).status).toBe(200);
    expect(browser.value('app.at')).not.toBe(before);
    expect((await browser.ask('/app/me')).status).toBe(200);

    const left = await browser.ask(at('/app/logout', `post_logout_redirect_uri=${back}`));
    expect([left.status, new URL(locationOf(left)).pathname]).toEqual([302, '/oauth2/logout']);
    expect(names(browser)).toEqual([]);
    expect(locationOf(await browser.ask(locationOf(left)))).toBe(redirectUri);
    expect((await browser.ask('/app/me')).status).toBe(401);
  });
});

describe('/app/login', () => {
  it('asks for a code with PKCE, its own state, and the scopes of a session', async () => {
    const answer = await browser.ask(`/app/login/${applicationId}?state=mine&idp_hint=abc`);
    const { origin, pathname, searchParams } = new URL(locationOf(answer));
    expect([answer.status, origin + pathname]).toEqual([
      302,
      `${new URL(sandbox.url).origin}/oauth2/authorize`,
    ]);
    expect(Object.fromEntries(searchParams)).toEqual({
      client_id: applicationId,
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
      idp_hint: 'abc',
      redirect_uri: `${sandbox.url}/app/callback`,
      response_type: 'code',
      scope: 'openid offline_access',
      state: expect.stringMatching(/^[\w-]+$/) as string,
    });
    expect(browser.cookies.get('app.pkce_v')?.attributes).toEqual(
      expect.arrayContaining(['Secure', 'HttpOnly', 'SameSite=Lax']),
    );
  });

  it('allows the log-in form to be redirected to the application', async () => {
    const start = await browser.ask(`/app/login/${applicationId}`);
    const policy = (await browser.ask(locationOf(start))).headers.get('content-security-policy');
    expect(policy).toContain(`form-action 'self' ${new URL(redirectUri).origin};`);
  });

  it('names no foreign origin in that policy even for a forged state', async () => {
    const start = new URL(locationOf(await browser.ask(`/app/login/${applicationId}`)));
    const madeUp = { c: applicationId, r: 'https://evil.example/' };
    start.searchParams.set('state', Buffer.from(JSON.stringify(madeUp)).toString('base64url'));
    const policy = (await browser.ask(start.href)).headers.get('content-security-policy');
    expect(policy).not.toContain('evil.example');
  });

  it.each([
    ['an address that is not registered', `${applicationId}?redirect_uri=https://evil.example/`],
    [
      'FusionAuth’s own callback for an address',
      () => `${applicationId}?redirect_uri=${sandbox.url}/app/callback`,
    ],
    ['a client that is unknown', 'a0000000-0000-4000-8000-000000000000'],
    ['no client', ''],
  ])('refuses %s on a page, and sends nobody anywhere', async (_what, rest) => {
    await expectErrorPage(
      await browser.ask(`/app/login/${typeof rest === 'string' ? rest : rest()}`),
      'Log-in is not possible',
    );
  });

  it('does not accept its callback at another host', async () => {
    const start = new URL(locationOf(await browser.ask(`/app/login/${applicationId}`)));
    start.searchParams.set('redirect_uri', 'https://evil.example/app/callback');
    const answer = await browser.ask(start.href);
    expect([answer.status, locationOf(answer)]).toEqual([400, '']);
  });

  it('refuses an application that was deactivated', async () => {
    await call(sandbox, 'DELETE', `/api/application/${applicationId}`);
    await expectErrorPage(await browser.ask(`/app/login/${applicationId}`), 'invalid_client_id');
  });
});

describe('/app/callback', () => {
  it('refuses a code that another browser asked for: nobody is logged in by a link', async () => {
    const attacker = new Browser();
    const start = new URL(locationOf(await attacker.ask(`/app/login/${applicationId}`)));
    const link = locationOf(await attacker.submit(start.searchParams));
    await expectErrorPage(await browser.ask(link), 'This browser did not start this log-in');
    await browser.ask(`/app/login/${applicationId}`);
    await expectErrorPage(await browser.ask(link), 'The code_verifier is wrong.');
    expect(names(browser)).toEqual(['app.pkce_v']);
  });

  it('refuses a code that was asked for without a challenge', async () => {
    await configure(sandbox, { oauthConfiguration: { proofKeyForCodeExchangePolicy: 'NotRequired' } });
    const start = new URL(locationOf(await browser.ask(`/app/login/${applicationId}`)));
    const without = new URLSearchParams(start.searchParams);
    without.delete('code_challenge');
    const link = locationOf(await browser.submit(without));
    await expectErrorPage(await browser.ask(link), 'The log-in carried no code_challenge.');
    expect(names(browser)).toEqual(['app.pkce_v']);
  });

  it.each([
    ['an unregistered address', { c: applicationId, r: 'https://evil.example/' }, 'not registered'],
    ['an unknown client', { c: 'unknown', r: redirectUri }, 'No client has this client_id'],
    ['nothing that it made', 'nonsense', 'The state does not come from'],
  ])('refuses a state with %s', async (_what, made, text) => {
    const state = Buffer.from(JSON.stringify(made)).toString('base64url');
    await expectErrorPage(await browser.logIn(undefined, { state }), text);
    await expectErrorPage(await browser.ask('/app/callback?code=x&state='), 'The state does not come from');
  });

  it('shows a refused log-in', async () => {
    const start = await browser.ask(`/app/login/${applicationId}?prompt=none`);
    const back = locationOf(await browser.ask(locationOf(start)));
    await expectErrorPage(await browser.ask(back), 'The log-in was refused or cancelled.');
  });

  it('accepts a code once, and only in time', async () => {
    const start = new URL(locationOf(await browser.ask(`/app/login/${applicationId}`)));
    const link = locationOf(await browser.submit(start.searchParams));
    sandbox.clock.advance(31_000);
    await expectErrorPage(await browser.ask(link), 'The code is unknown, used or expired.');
  });
});

describe('the cookies of the Hosted Backend', () => {
  it('are persistent, Secure and Lax; tokens that a script must not read are HttpOnly', async () => {
    await browser.logIn();
    for (const name of session) {
      const { attributes } = browser.cookies.get(name)!;
      expect(attributes).toEqual(expect.arrayContaining(['Secure', 'SameSite=Lax', 'Path=/']));
      expect([name, attributes.includes('HttpOnly')]).toEqual([name, ['app.at', 'app.rt'].includes(name)]);
      const maxAge = name === 'app.rt' ? 43_200 * 60 : 3600;
      const [, seconds] = /Max-Age=(\d+)/.exec(attributes.join()) ?? [];
      expect([name, Math.round(Number(seconds) / 100) * 100]).toEqual([name, maxAge]);
    }
  });

  it('give the expiry of the access token in seconds since the epoch', async () => {
    await browser.logIn();
    expect(Number(browser.value('app.at_exp'))).toBe(decodeJwt(browser.value('app.at')).exp);
  });

  it('contain an ID token only with openid, and a refresh token only with offline_access', async () => {
    await browser.logIn(`/app/login/${applicationId}?scope=email`);
    expect(names(browser)).toEqual(['app.at', 'app.at_exp']);
  });

  it('contain no refresh token if the application generates none', async () => {
    await configure(sandbox, { oauthConfiguration: { generateRefreshTokens: false } });
    await browser.logIn();
    expect(names(browser)).toEqual(['app.at', 'app.at_exp', 'app.idt']);
  });

  it.each([
    ['localhost', undefined],
    ['127.0.0.1', undefined],
    ['[::1]', undefined],
    ['auth.example.com', 'example.com'],
    ['a.b.example.com', 'example.com'],
    ['example.com', 'example.com'],
    ['auth.acme.localhost', 'localhost'],
  ])('of %s are set for the domain %s', (host, domain) => {
    expect(domainOf(host)).toBe(domain);
  });
});

describe('/app/me', () => {
  it('accepts only the cookie app.at with a current access token', async () => {
    await browser.logIn();
    const [token, idToken] = [browser.value('app.at'), browser.value('app.idt')];
    const status = async (headers: Record<string, string>) =>
      (await fetch(`${sandbox.url}/app/me`, { headers })).status;
    expect(await status({ cookie: `app.at=${token}` })).toBe(200);
    expect(await status({ authorization: `Bearer ${token}` })).toBe(401);
    expect(await status({ cookie: `access_token=${token}` })).toBe(401);
    expect(await status({ cookie: `app.at=${idToken}` })).toBe(401);
    expect(await status({ cookie: `app.at=${token}x` })).toBe(401);
    sandbox.clock.advance(3_600_000);
    expect(await status({ cookie: `app.at=${token}` })).toBe(401);
  });
});

describe('/app/refresh', () => {
  it('works after the access token has expired', async () => {
    await browser.logIn();
    sandbox.clock.advance(3_700_000);
    expect((await browser.ask('/app/me')).status).toBe(401);
    const answer = await browser.refresh();
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(names(browser)).toEqual(session);
    expect((await browser.ask('/app/me')).status).toBe(200);
  });

  it('puts the successor of a rotating refresh token into its cookie', async () => {
    await configure(sandbox, { jwtConfiguration: { enabled: true, refreshTokenUsagePolicy: 'OneTimeUse' } });
    await browser.logIn();
    const first = browser.value('app.rt');
    expect((await browser.refresh()).status).toBe(200);
    expect(browser.value('app.rt')).not.toBe(first);
    expect((await browser.refresh()).status).toBe(200);
    browser.cookies.set('app.rt', { value: first, attributes: [] });
    expect((await browser.refresh()).status).toBe(400);
  });

  const own = `/app/refresh/${applicationId}`;
  it.each<[string, () => Promise<unknown> | undefined, string]>([
    ['without the cookie app.rt', () => Promise.resolve(browser.cookies.delete('app.rt')), own],
    ['after its refresh token expired', () => Promise.resolve(sandbox.clock.advance(43_200 * 60_000)), own],
    ['after its session was revoked', () => call(sandbox, 'DELETE', `/api/jwt/refresh?userId=${adaId}`), own],
    ['for a person who was locked', () => call(sandbox, 'DELETE', `/api/user/${adaId}`), own],
    [
      'where the grant is off',
      () => configure(sandbox, { oauthConfiguration: { enabledGrants: ['authorization_code'] } }),
      own,
    ],
    ['for no client', () => undefined, '/app/refresh'],
    ['for another client', () => undefined, '/app/refresh/3c219e58-ed0e-4b18-ad48-f4f92793ae32'],
  ])('answers 400 and sets nothing %s', async (_when, change, path) => {
    await browser.logIn();
    await change();
    const answer = await browser.refresh(path);
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([400, []]);
  });

  it('does not accept GET', async () => {
    expect((await browser.ask(`/app/refresh/${applicationId}`)).status).toBe(405);
  });

  it('needs no body and ignores one of plain text; other endpoints take no text', async () => {
    await browser.logIn();
    const headers = { 'content-type': 'text/plain' };
    expect((await browser.refresh(undefined, { headers: {} })).status).toBe(200);
    expect((await browser.refresh(undefined, { headers, body: 'anything' })).status).toBe(200);
    const token = await fetch(`${sandbox.url}/oauth2/token`, { method: 'POST', headers, body: 'x' });
    expect(token.status).toBe(415);
  });
});

describe('/app/logout', () => {
  it('redirects to the logoutURL of the application, or to a registered address', async () => {
    await configure(sandbox, { oauthConfiguration: { logoutURL: 'http://127.0.0.1:3001/bye' } });
    const away = async (query: string) =>
      locationOf(await browser.ask(locationOf(await browser.ask(`/app/logout/${applicationId}?${query}`))));
    expect(await away('')).toBe('http://127.0.0.1:3001/bye');
    expect(await away(`redirect_uri=${redirectUri}`)).toBe(redirectUri);
    await browser.logIn();
    await expectErrorPage(
      await browser.ask(`/app/logout/${applicationId}?redirect_uri=https://evil.example/`),
      'not registered',
    );
    expect(names(browser)).toEqual(session);
  });

  it('leaves the refresh token valid, because its revocation is not documented', async () => {
    await browser.logIn();
    const kept = browser.cookies.get('app.rt')!;
    await browser.ask(`/app/logout/${applicationId}`);
    browser.cookies.set('app.rt', kept);
    expect((await browser.refresh()).status).toBe(200);
  });
});

describe('a page of another origin', () => {
  const origin = 'http://app.example:3000';
  const allow = (corsConfiguration: object) =>
    call(sandbox, 'PATCH', '/api/system-configuration', { systemConfiguration: { corsConfiguration } });

  it('is refused with 403 by default, and nothing is refreshed for it', async () => {
    await browser.logIn();
    const answer = await browser.refresh(undefined, { headers: { 'content-type': 'text/plain', origin } });
    expect([answer.status, answer.headers.getSetCookie()]).toEqual([403, []]);
    expect((await browser.ask('/app/me/', { headers: { origin } })).status).toBe(403);
  });

  it('may call once CORS is on with its origin, POST and credentials', async () => {
    await allow({
      enabled: true,
      allowCredentials: true,
      allowedOrigins: [origin],
      allowedMethods: ['POST'],
    });
    await browser.logIn();
    for (const answer of [
      await browser.ask('/app/me/', { headers: { origin } }),
      await browser.refresh(undefined, { headers: { 'content-type': 'text/plain', origin } }),
    ]) {
      expect(answer.status).toBe(200);
      expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
      expect(answer.headers.get('access-control-allow-credentials')).toBe('true');
    }
    const foreign = { origin: 'http://evil.example' };
    expect((await browser.ask('/app/me/', { headers: foreign })).status).toBe(403);
  });

  it('may not refresh where POST was not added to the methods', async () => {
    await allow({ enabled: true, allowCredentials: true, allowedOrigins: [origin] });
    await browser.logIn();
    const answer = await browser.refresh(undefined, { headers: { 'content-type': 'text/plain', origin } });
    expect(answer.status).toBe(403);
  });
});

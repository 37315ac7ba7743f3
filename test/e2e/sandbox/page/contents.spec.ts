import { sandbox } from '../answers/ground.js';
import {
  adaId,
  api,
  call,
  configure,
  introspect,
  logIn,
  postForm,
  postLogIn,
  refresh,
} from '../started-sandbox.js';
import { PageVisitor } from './page-visitor.js';

const page = async () => (await new PageVisitor(sandbox).open()).text;
/** The rows of the request log, each as its text. */
const requests = async () => {
  const [, section = ''] = /data-live="requests">([^]*?)<\/section>/.exec(await page()) ?? [];
  return [...section.matchAll(/<tr>([^]*?)<\/tr>/g)].slice(1).map(([, row = '']) =>
    row
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  );
};

describe('the page', () => {
  it('shows people, sessions, keys, applications, entities with their grants, and what has no effect', async () => {
    await logIn(sandbox);
    await api(sandbox, 'POST', '/api/theme', { theme: { name: 'Ours' } });
    const text = await page();
    for (const shown of [adaId, 'ada@example.com', 'todo-writer', 'Dev Center', 'Gatehouse tokens', 'RS256'])
      expect(text).toContain(shown);
    expect(text).toMatch(/Reminder App\s*<span class="tag">todo-auditor<\/span>/);
    expect(text).toMatch(/<code>\/api\/theme<\/code> 1/);
    expect(text).toContain('Todo API: checks sessions and authentication tokens');
    expect(text).toMatch(/\d+ operations of FusionAuth are not implemented/);
  });

  it('names a grant by the last part of its name, so that the table of applications fits', async () => {
    await configure(sandbox, {
      oauthConfiguration: {
        enabledGrants: ['urn:ietf:params:oauth:grant-type:device_code'],
        deviceVerificationURL: 'http://127.0.0.1:3001/device',
      },
    });
    expect(await page()).toContain('<span class="tag">device_code</span>');
  });

  it('escapes what it shows', async () => {
    const attack = '<script>alert(1)</script>';
    await api(sandbox, 'PATCH', `/api/user/${adaId}`, { user: { email: null, username: attack } });
    await fetch(`${sandbox.url}/api/${encodeURIComponent(attack)}/"><img src=x>`);
    const text = await page();
    expect(text).not.toContain(attack);
    expect(text).not.toContain('<img src=x');
    expect(text).toContain('&lt;script&gt;alert(1)');
  });
});

describe('the request log', () => {
  it('says what was called, what was answered, and which credential was used', async () => {
    const { access_token } = await logIn(sandbox);
    const todoApiKey = sandbox.apiKeyIds()['Todo API: checks sessions and authentication tokens']!;
    await api(sandbox, 'GET', `/api/user/${adaId}`, undefined, {
      authorization: sandbox.secrets['FUSIONAUTH_API_KEY']!,
    });
    await api(sandbox, 'GET', '/api/user', undefined, { authorization: 'a key of nobody' });
    await fetch(`${sandbox.url}/oauth2/userinfo`, { headers: { authorization: `Bearer ${access_token}` } });
    await introspect(sandbox, access_token);
    await fetch(`${sandbox.url}/.well-known/jwks.json`);
    expect((await requests()).slice(0, 5)).toEqual([
      expect.stringMatching(/^[\d:.]{12} GET \/\.well-known\/jwks\.json 200 \d+ ms nobody$/),
      expect.stringMatching(/POST \/oauth2\/introspect 200 \d+ ms client Dev Center$/),
      expect.stringMatching(/GET \/oauth2\/userinfo 200 \d+ ms token of ada@example\.com$/),
      expect.stringMatching(/GET \/api\/user 401 \d+ ms an unknown credential$/),
      expect.stringMatching(
        new RegExp(`GET /api/user/${adaId} 200 \\d+ ms API key …${todoApiKey.slice(-8)}, Todo API: checks`),
      ),
    ]);
  });

  it('leaves out the page itself and its buttons', async () => {
    await new PageVisitor(sandbox).press('advance-clock');
    expect(sandbox.requests.list()).toEqual([]);
  });

  it('shows the last hundred requests', async () => {
    for (let count = 0; count < 120; count += 1) await fetch(`${sandbox.url}/api/health`);
    expect(await requests()).toHaveLength(100);
  });
});

describe('a secret', () => {
  it('is nowhere in the page or the log: not from a header, a form, a path or a query', async () => {
    const { access_token, refresh_token, id_token } = await logIn(sandbox);
    const apiKey = sandbox.secrets['FUSIONAUTH_API_KEY']!;
    const clientSecret = sandbox.secrets['FUSIONAUTH_CLIENT_SECRET']!;
    for (const place of [
      `/api/group/${apiKey}`,
      `/api/nothing/${apiKey}?key=${apiKey}`,
      `/oauth2/authorize?client_id=${apiKey}`,
    ])
      await fetch(sandbox.url + place, { headers: { authorization: `Bearer ${apiKey}` } });
    await postForm(sandbox, '/oauth2/token', { client_id: apiKey, client_secret: clientSecret });
    await postLogIn(sandbox, { loginId: apiKey, password: 'wrong' });
    const basic = Buffer.from(`${apiKey}:${clientSecret}`).toString('base64');
    await fetch(`${sandbox.url}/oauth2/userinfo`, { headers: { authorization: `Basic ${basic}` } });
    const { body } = await refresh(sandbox, refresh_token!);
    const secrets = {
      ...sandbox.secrets,
      access_token,
      refresh_token,
      id_token,
      next: body.refresh_token,
      basic,
    };
    const shown = [
      await page(),
      (await new PageVisitor(sandbox).press('expire-api-key', sandbox.apiKeyIds()[reminderKey]!)).text,
      JSON.stringify(sandbox.requests.list().map(({ by }) => by)),
    ];
    for (const [name, secret] of Object.entries(secrets)) {
      for (const text of shown) expect([name, text.includes(secret!)]).toEqual([name, false]);
      // Neither is a part of it that would help to guess the rest.
      for (const text of shown) expect([name, text.includes(secret!.slice(0, 8))]).toEqual([name, false]);
    }
  });
});

it('shows no part of an API key that is too short to hide the rest', async () => {
  const headers = { authorization: sandbox.secrets['FUSIONAUTH_MANAGER_KEY']! };
  const apiKey = { key: 'short-key-9876', permissions: { endpoints: { '/api/group': ['GET'] } } };
  expect((await call(sandbox, 'POST', '/api/api-key', { apiKey }, headers)).status).toBe(200);
  expect(await page()).not.toContain('9876');
});

const reminderKey = 'Reminder App: opens nothing in FusionAuth but the empty probe group';

import { sandbox } from '../answers/ground.js';
import { adaId, api } from '../started-sandbox.js';
import { PageVisitor } from './page-visitor.js';

const isActive = async (): Promise<boolean> => {
  const { user } = (await (await api(sandbox, 'GET', `/api/user/${adaId}`)).json()) as {
    user: { active: boolean };
  };
  return user.active;
};

describe('a button of the page', () => {
  it('works from the page and redirects back to it, so that a reload repeats nothing', async () => {
    const answer = await new PageVisitor(sandbox).press('deactivate-user', adaId);
    expect([answer.status, answer.headers['location']]).toEqual([303, '/?done=deactivate-user#users']);
    expect(await isActive()).toBe(false);
  });

  it.each([
    ['a page of another origin', { origin: 'https://evil.example' }],
    ['a page of another port of this machine', { origin: 'http://127.0.0.1:3001' }],
    ['a page without an origin', { origin: 'null' }],
    ['a page of another site, by what the browser says of it', { 'sec-fetch-site': 'cross-site' }],
    ['a page of another port, by what the browser says of it', { 'sec-fetch-site': 'same-site' }],
  ])('refuses %s, even with the token', async (_whose, headers) => {
    const visitor = new PageVisitor(sandbox);
    const pageToken = await visitor.pageToken();
    const refused = await visitor.send('deactivate-user', { userId: adaId, pageToken }, headers);
    expect([refused.status, await isActive()]).toEqual([403, true]);
    expect(refused.text).toContain('The form did not come from this page.');
  });

  it('refuses a foreign name that resolves to this machine, even if Origin and Host agree', async () => {
    const visitor = new PageVisitor(sandbox);
    const pageToken = await visitor.pageToken();
    const host = `rebound.example:${new URL(sandbox.url).port}`;
    const headers = { host, origin: `http://${host}` };
    const refused = await visitor.send('deactivate-user', { userId: adaId, pageToken }, headers);
    expect([refused.status, await isActive()]).toEqual([403, true]);
    expect(refused.text).toContain('127.0.0.1 or localhost');
  });

  it('refuses a form without the token or with the token of another browser', async () => {
    const visitor = new PageVisitor(sandbox);
    const ownToken = await visitor.pageToken();
    const ofAnother = await new PageVisitor(sandbox).pageToken();
    expect(ofAnother).not.toBe(ownToken);
    for (const fields of [{}, { pageToken: '' }, { pageToken: ofAnother }, { pageToken: `${ownToken}x` }]) {
      const refused = await visitor.send('deactivate-user', { userId: adaId, ...fields });
      expect([refused.status, await isActive()]).toEqual([403, true]);
    }
    const withoutCookie = await new PageVisitor(sandbox).send('deactivate-user', {
      userId: adaId,
      pageToken: ownToken,
    });
    expect([withoutCookie.status, await isActive()]).toEqual([403, true]);
    expect((await visitor.send('deactivate-user', { userId: adaId, pageToken: ownToken })).status).toBe(303);
  });

  it.each(['text/plain', 'application/json', 'multipart/form-data; boundary=x'])(
    'refuses a body of %s, which a form of another page may have',
    async (type) => {
      const visitor = new PageVisitor(sandbox);
      await visitor.pageToken();
      const refused = await visitor.send('deactivate-user', { userId: adaId }, { 'content-type': type });
      expect(refused.status).toBeGreaterThanOrEqual(400);
      expect(await isActive()).toBe(true);
    },
  );

  it('reports a missing field and changes nothing', async () => {
    const visitor = new PageVisitor(sandbox);
    const pageToken = await visitor.pageToken();
    const refused = await visitor.send('deactivate-user', { pageToken });
    expect([refused.status, await isActive()]).toEqual([400, true]);
    expect(refused.text).toContain('The form needs the field userId.');
    const unknown = await visitor.send('deactivate-user', { userId: applicationLikeId, pageToken });
    expect([unknown.status, unknown.text]).toEqual([400, expect.stringContaining('was answered 404')]);
  });
});

const applicationLikeId = '00000000-0000-4000-8000-000000000000';

describe('the page', () => {
  it.each(['rebound.example', 'localhost.evil.example', '127.0.0.1.evil.example', '10.0.0.1'])(
    'is not shown under the name %s',
    async (name) => {
      const refused = await new PageVisitor(sandbox).open('/', { host: `${name}:9011` });
      expect(refused.status).toBe(403);
      expect(refused.text).not.toContain('pageToken');
    },
  );

  it('can be neither read, framed nor loaded by a page of another origin, even where CORS allows every origin', async () => {
    const cors = {
      enabled: true,
      allowedOrigins: ['*'],
      allowedMethods: ['GET', 'POST'],
      allowCredentials: true,
    };
    await api(sandbox, 'PATCH', '/api/system-configuration', {
      systemConfiguration: { corsConfiguration: cors },
    });
    const { headers } = await new PageVisitor(sandbox).open('/', { origin: 'https://evil.example' });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers).toMatchObject({
      'cross-origin-resource-policy': 'same-origin',
      'x-frame-options': 'DENY',
      'cache-control': 'no-store',
    });
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });

  it('runs no inline script, and keeps its cookie from other sites and from scripts', async () => {
    const { text, headers } = await new PageVisitor(sandbox).open();
    expect(text.match(/<script[^]*?<\/script>/g)).toEqual([
      '<script type="module" src="/_sandbox/page.js"></script>',
    ]);
    expect(text).not.toMatch(/\son\w+=|javascript:/);
    expect(headers['content-security-policy']).toContain("script-src 'self'; connect-src 'self';");
    expect(headers['set-cookie']).toMatch(/^sandbox_page=[\w-]{22}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it('is the target of a redirect when a browser opens /_sandbox', async () => {
    const answer = await new PageVisitor(sandbox).open('/_sandbox', { 'sec-fetch-site': 'none' });
    expect([answer.status, answer.headers['location']]).toEqual([302, '/']);
  });

  it('keeps working while every operation fails', async () => {
    sandbox.faults.set('*', { answer: 'reset' });
    const visitor = new PageVisitor(sandbox);
    expect((await visitor.press('clear-faults')).status).toBe(303);
    expect(sandbox.faults.list()).toEqual({});
  });
});

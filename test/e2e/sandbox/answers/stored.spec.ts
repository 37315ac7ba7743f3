import { randomUUID } from 'node:crypto';
import { kinds } from '../../../../tools/sandbox/src/stored/kinds.js';
import { call, startedSandbox } from '../started-sandbox.js';
import { sandbox } from './ground.js';

/** A right one of each kind. */
const examples: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  '/api/theme': { name: 'Ours', stylesheet: 'a { color: red }' },
  '/api/email/template': {
    name: 'Set-up',
    defaultSubject: 'Welcome',
    defaultHtmlTemplate: '<p>Hello ${user.email}</p>',
    defaultTextTemplate: 'Hello',
  },
  '/api/message/template': { name: 'Code', type: 'SMS', defaultTemplate: '${code}' },
  '/api/messenger': { name: 'Ours', type: 'Generic', url: 'http://127.0.0.1:1/', connectTimeout: 1000 },
  '/api/connector': { name: 'Old users', type: 'Generic', authenticationURL: 'http://127.0.0.1:1/' },
  '/api/form': { name: 'Sign-up', type: 'registration', steps: [{ fields: [] }] },
  '/api/form/field': { name: 'E-mail', key: 'user.email', control: 'text', type: 'email' },
  '/api/consent': { name: 'Newsletter', defaultMinimumAgeForSelfConsent: 13 },
  '/api/identity-provider': { name: 'Theirs', type: 'OpenIDConnect', oauth2: { client_id: 'ours' } },
  '/api/ip-acl': { name: 'Office', entries: [{ action: 'Block', startIPAddress: '*' }] },
  '/api/user-action-reason': { code: 'spam', text: 'Sends spam' },
};

describe.each(kinds.map((kind) => [kind.path, kind] as const))('%s', (path, { one, ...kind }) => {
  const all = `${one}s`;
  const example = examples[path]!;
  const create = async (changes: object = {}) => {
    const at = `${path}/${randomUUID()}`;
    const answer = await call(sandbox, 'POST', at, { [one]: { ...example, ...changes } });
    return { at, ...answer };
  };

  it('is stored as sent, under the requested id', async () => {
    const { at, status, body } = await create();
    const id = at.slice(path.length + 1);
    expect([status, body]).toEqual([200, { [one]: expect.objectContaining({ ...example, id }) }]);
    expect((await call(sandbox, 'GET', at.toUpperCase().replace(path.toUpperCase(), path))).body).toEqual(
      body,
    );
  });

  it('is replaced by PUT, changed in part by PATCH, and gone after DELETE', async () => {
    const part = path === '/api/user-action-reason' ? 'localizedTexts' : 'data';
    // cspell:ignore eins
    const { at } = await create({ [part]: { de: 'eins' } });
    const { body: patched } = await call(sandbox, 'PATCH', at, { [one]: { [part]: { fr: 'deux' } } });
    expect(patched[one]).toMatchObject({ ...example, [part]: { de: 'eins', fr: 'deux' } });
    const { body: replaced } = await call(sandbox, 'PUT', at, { [one]: example });
    expect(replaced[one]).not.toHaveProperty(part);
    expect((await call(sandbox, 'DELETE', at)).status).toBe(200);
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      expect(
        (await call(sandbox, method, at, method === 'GET' ? undefined : { [one]: example })).status,
      ).toBe(404);
    }
  });

  it('is refused without what FusionAuth requires, and twice under one name', async () => {
    for (const name of kind.required) {
      const { status, body } = await create({ [name]: undefined });
      expect([status, Object.keys(body['fieldErrors'] as object)]).toEqual([400, [`${one}.${name}`]]);
    }
    await create();
    const { status, body } = await create();
    expect([status, body]).toEqual([400, { fieldErrors: expect.objectContaining({}) as object }]);
    expect(JSON.stringify(body)).toContain(`[duplicate]${one}.${kind.unique}`);
  });

  if (!kind.unlisted) {
    it('is listed', async () => {
      const { body } = await create();
      expect((await call(sandbox, 'GET', path)).body[all]).toContainEqual(body[one]);
    });
  }

  if (kind.searchBy) {
    it('is found by its name, a page at a time', async () => {
      for (const name of ['Alpha one', 'Alpha two', 'Beta']) await create({ name });
      const search = { name: 'alpha', numberOfResults: 1, startRow: 1, orderBy: 'name DESC' };
      const { body } = await call(sandbox, 'POST', `${path}/search`, { search });
      expect(body).toEqual({ [all]: [expect.objectContaining({ name: 'Alpha one' })], total: 2 });
      const found = await call(sandbox, 'GET', `${path}/search?name=*TWO`);
      expect(found.body).toEqual({ [all]: [expect.objectContaining({ name: 'Alpha two' })], total: 1 });
    });
  }
});

describe('what is stored without effect', () => {
  it('refuses an id that is taken, a reference to nothing and a type that FusionAuth lacks', async () => {
    const theme = { theme: { name: 'Ours' } };
    const at = `/api/theme/${randomUUID()}`;
    await call(sandbox, 'POST', at, theme);
    const refusals = await Promise.all([
      call(sandbox, 'POST', at, { theme: { name: 'Other' } }),
      call(sandbox, 'POST', '/api/consent', {
        consent: { ...examples['/api/consent'], consentEmailTemplateId: randomUUID() },
      }),
      call(sandbox, 'POST', '/api/identity-provider', { identityProvider: { name: 'X', type: 'MySpace' } }),
    ]);
    expect(refusals.map(({ status, body }) => [status, Object.keys(body['fieldErrors'] as object)])).toEqual([
      [400, ['themeId']],
      [400, ['consent.consentEmailTemplateId']],
      [400, ['identityProvider.type']],
    ]);
  });

  it('includes the themes and the connector that FusionAuth ships: to be copied, not changed', async () => {
    const shipped = '75a068fd-e94b-451a-9aeb-3ddb9a3b5987';
    const copy = await call(sandbox, 'POST', '/api/theme', {
      sourceThemeId: shipped.toUpperCase(),
      theme: { name: 'Copy', stylesheet: 'ignored' },
    });
    expect(copy.body['theme']).toMatchObject({ name: 'Copy', type: 'advanced' });
    expect(copy.body['theme']).not.toHaveProperty('stylesheet');
    expect((await call(sandbox, 'PATCH', `/api/theme/${shipped}`, { theme: { name: 'Mine' } })).status).toBe(
      400,
    );
    expect((await call(sandbox, 'GET', '/api/connector/e3306678-a53a-4964-9040-1c96f36dda72')).status).toBe(
      200,
    );
    const nothing = { sourceThemeId: randomUUID(), theme: { name: 'Nothing' } };
    expect((await call(sandbox, 'POST', '/api/theme', nothing)).status).toBe(400);
  });

  it('is listed at /_sandbox, lambdas that are never run included', async () => {
    expect((await call(sandbox, 'GET', '/_sandbox')).body['storedWithoutEffect']).toEqual({});
    await call(sandbox, 'POST', '/api/theme', { theme: { name: 'Ours' } });
    await call(sandbox, 'POST', '/api/lambda', {
      lambda: { name: 'Reconcile', type: 'OpenIDReconcile', body: 'function reconcile() {}' },
    });
    expect((await call(sandbox, 'GET', '/_sandbox')).body['storedWithoutEffect']).toEqual({
      '/api/theme': 1,
      '/api/lambda of type OpenIDReconcile': 1,
    });
  });

  it('survives a restart', async () => {
    const first = await startedSandbox();
    await call(first.sandbox, 'POST', '/api/theme', { theme: { name: 'Ours' } });
    await first.sandbox.close();
    const second = await startedSandbox({ dataDir: first.dataDir });
    const { body } = await call(second.sandbox, 'POST', '/api/theme/search', { search: { name: 'Ours' } });
    expect(body['total']).toBe(1);
    await second.stop();
  });
});

describe.each([
  ['/api/system-configuration', 'systemConfiguration', { data: { note: 'kept' } }],
  ['/api/integration', 'integrations', { kafka: { enabled: true, defaultTopic: 'events' } }],
])('%s, the only one of its kind,', (path, one, change) => {
  it('has defaults, and stores what is put or patched', async () => {
    const { body: initial } = await call(sandbox, 'GET', path);
    expect(Object.keys(initial)).toEqual([one]);
    expect((await call(sandbox, 'PATCH', path, { [one]: change })).status).toBe(200);
    const { body: patched } = await call(sandbox, 'GET', path);
    expect(patched[one]).toMatchObject({ ...(initial[one] as object), ...change });
    await call(sandbox, 'PUT', path, { [one]: {} });
    const { body: put } = await call(sandbox, 'GET', path);
    expect(put[one]).toMatchObject(initial[one] as object);
  });
});

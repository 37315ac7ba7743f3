import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fillKickstart, fillVariables, readKickstart } from './kickstart-file.js';

let around: string;
let folder: string;
beforeEach(() => {
  around = mkdtempSync(join(tmpdir(), 'gatehouse-kickstart-file-'));
  folder = join(around, 'kickstart');
  mkdirSync(folder);
});
afterEach(() => rmSync(around, { recursive: true, force: true }));

/** Writes a kickstart file and the files that it includes. */
function written(content: object | string, files: Readonly<Record<string, string>> = {}): string {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  for (const [name, part] of Object.entries({ ...files, 'kickstart.json': text })) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), part);
  }
  return join(folder, 'kickstart.json');
}

/** Returns the file with its placeholders filled, with these values in the environment. */
async function filled(
  content: object | string,
  files: Readonly<Record<string, string>> = {},
  environment: Readonly<Record<string, string>> = {},
) {
  const file = await readKickstart(written(content, files));
  return fillKickstart(file, fillVariables(file, environment), environment);
}

const apiKeys = [{ key: 'k' }];
const post = (body: unknown, url = '/api/group') => ({ method: 'POST', url, body });

describe('a kickstart file', () => {
  it('may have no requests, and a byte order mark', async () => {
    expect((await filled({ apiKeys })).requests).toEqual([]);
    expect((await filled(`\uFEFF${JSON.stringify({ apiKeys })}`)).apiKeys).toEqual([{ key: 'k' }]);
  });

  it('names a path with and without the leading slash', async () => {
    const { requests } = await filled({ apiKeys, requests: [post({}), post({}, 'api/group/1?a=b')] });
    expect(requests.map(({ url }) => url)).toEqual(['/api/group', '/api/group/1?a=b']);
  });

  it.each(['http://localhost:9011/api/group', '//elsewhere/api', ''])(
    'names no other server: %j',
    async (url) => {
      await expect(filled({ apiKeys, requests: [post({}, url)] })).rejects.toThrow(/requests\[0\]\.url/);
    },
  );

  it('reads numbers and booleans in variables as text', async () => {
    const variables = { port: 25, on: true };
    const { requests } = await filled({
      variables,
      apiKeys,
      requests: [post({ port: '#{port}', on: '#{on}' })],
    });
    expect(requests[0]?.body).toEqual({ port: '25', on: 'true' });
  });

  it('draws a random variable once', async () => {
    const variables = { id: '#{UUID()}' };
    const { requests } = await filled({ variables, apiKeys, requests: [post({ a: '#{id}', b: '#{id}' })] });
    expect(requests[0]?.body?.['a']).toMatch(/^[\da-f-]{36}$/);
    expect(requests[0]?.body?.['b']).toBe(requests[0]?.body?.['a']);
  });

  it.each([
    [{ a: 'x', b: '#{a}' }, /the variable b uses #\{a\}/],
    [{ a: '@{a.txt}' }, /the variable a includes a file/],
    [{ defaultTenantId: 'mine' }, /defaultTenantId/],
    [{ a: ['x'] }, /variables\.a/],
  ])('fills variables from the environment only: %j', async (variables, message) => {
    await expect(filled({ variables, apiKeys })).rejects.toThrow(message);
  });

  it.each([
    ['bound to a tenant', [{ key: 'k', tenantId: '30663132-6464-6665-3032-326466613934' }]],
    ['with permissions', [{ key: 'k', permissions: { endpoints: { '/api/user': ['GET'] } } }]],
  ])('does not begin with a key %s, which could not send the requests', async (_case, keys) => {
    await expect(filled({ apiKeys: keys })).rejects.toThrow('the first key sends the requests');
    await expect(filled({ apiKeys: [{ key: 'first' }, ...keys] })).resolves.toBeDefined();
  });

  it('has at least one key, and none twice', async () => {
    await expect(filled({ apiKeys: [{ key: 'k' }, { key: 'k' }] })).rejects.toThrow('two keys are the same');
    await expect(filled({ requests: [] })).rejects.toThrow(/apiKeys/);
  });

  it('accepts every id that FusionAuth accepts, and converts it to lower case', async () => {
    const tenantId = '30663132-6464-6665-3032-32646661393A';
    const keys = [...apiKeys, { key: 'bound', tenantId: '#{tenant}', keyManager: 'true' }];
    const request = { ...post({}), tenantId: '#{tenant}' };
    const answer = await filled({ variables: { tenant: tenantId }, apiKeys: keys, requests: [request] });
    expect(answer.apiKeys[1]).toEqual({ key: 'bound', tenantId: tenantId.toLowerCase(), keyManager: true });
    expect(answer.requests[0]?.tenantId).toBe(tenantId.toLowerCase());
  });
});

describe('an include', () => {
  it('of a text keeps its line ends and everything else', async () => {
    const text = '\uFEFF<p>\r\n\t"#{name}" \\u2026 \\d+ ${x}</p>\n\n';
    const answer = await filled(
      { variables: { name: 'Ada' }, apiKeys, requests: [post({ html: '@{mail/a.ftl}' })] },
      { 'mail/a.ftl': text },
    );
    expect(answer.requests[0]?.body).toEqual({ html: text.replace('#{name}', 'Ada') });
  });

  it('of JSON is a body, a part of one or a whole request, itself with includes and variables', async () => {
    const answer = await filled(
      {
        variables: { name: 'Ada' },
        apiKeys,
        requests: ['&{requests/one.json}', post('&{json/two.json}'), post({ part: '&{json/part.json}' })],
      },
      {
        'requests/one.json': '{"method":"PATCH","url":"api/theme/1","body":"&{json/two.json}"}',
        // Names are relative to the kickstart file, even in an included file.
        'json/two.json': '{"name":"#{name}","css":"@{css/a.css}","home":"#{ENV.HOME_URL}"}',
        'json/part.json': '["#{name}",1,true]',
        'css/a.css': 'a { }\n',
      },
      { HOME_URL: 'http://127.0.0.1' },
    );
    const two = { name: 'Ada', css: 'a { }\n', home: 'http://127.0.0.1' };
    expect(answer.requests).toEqual([
      { method: 'PATCH', url: '/api/theme/1', body: two },
      { method: 'POST', url: '/api/group', body: two },
      { method: 'POST', url: '/api/group', body: { part: ['Ada', 1, true] } },
    ]);
  });

  it('contributes to the environment variables that the kickstart file needs, and to its digest', async () => {
    const content = { apiKeys, requests: [post('&{a.json}')] };
    const one = await readKickstart(
      written(content, { 'a.json': '{"a":"#{ENV.ONE}","t":"@{t.txt}"}', 't.txt': '#{ENV.TWO}' }),
    );
    expect(one.environmentNames).toEqual(['ONE', 'TWO']);
    const other = await readKickstart(written(content, { 't.txt': '#{ENV.TWO} changed' }));
    expect(other.digest).not.toBe(one.digest);
  });

  it.each([
    ['a file that is missing', '@{none.txt}', /@\{none\.txt\} cannot be read/],
    ['a directory', '@{sub}', /@\{sub\} cannot be read/],
    ['what is not JSON', '&{a.txt}', /a\.txt is not JSON/],
    ['itself', '&{loop.json}', /&\{loop\.json\} includes itself/],
    ['a file beside the folder', '@{../beside.txt}', /leaves the folder/],
    ['a file by its whole path', '@{/etc/hostname}', /leaves the folder/],
    ['a link to a file elsewhere', '@{link.txt}', /leaves the folder/],
    ['a missing file beside the folder', '&{../none.json}', /leaves the folder/],
  ])('of %s is refused', async (_case, include, message) => {
    writeFileSync(join(around, 'beside.txt'), '');
    symlinkSync(join(around, 'beside.txt'), join(folder, 'link.txt'));
    const files = { 'a.txt': 'text', 'sub/b.txt': '', 'loop.json': '{"a":"&{loop.json}"}' };
    await expect(filled({ apiKeys, requests: [post({ a: include })] }, files)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(message),
    });
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { columns } from '../../tools/gateways/src/checks.js';
import { checks } from '../../tools/gateways/src/checks/check.js';
import { spelledWith } from '../../tools/gateways/src/client-headers.js';
import { gateways } from '../../tools/gateways/src/gateways/index.js';
import type { Policy } from '../../tools/gateways/src/policy.js';
import { documentFile, generatedFiles, root } from './generated-files.js';
import { samplePolicy } from './sample-policy.js';

const read = (path: string) => readFileSync(join(root, path), 'utf8');

describe('docs/gateways.md and the configurations of deploy/gateways', () => {
  it('are what npm run gateway-documents makes of the sources', async () => {
    const stale = [...(await generatedFiles())].filter(
      ([path, text]) => !existsSync(join(root, path)) || read(path) !== text,
    );
    expect(stale.map(([path]) => path)).toEqual([]);
  });

  it('say of every gateway what it looks at, each check with a source', () => {
    const documented = new Set(columns.map(({ name }) => name));
    expect(gateways.filter(({ name }) => !documented.has(name)).map(({ name }) => name)).toEqual([]);
    for (const { cells } of columns) expect(cells.map(({ check }) => check)).toEqual(Object.keys(checks));
    expect(read(documentFile)).not.toMatch(/undefined/);
  });

  it.each(gateways.map(({ name, checkedBy }) => [name, checkedBy]))(
    '%s has a page whose first line says whether it was run on the real program',
    (name, checkedBy) => {
      const [first = ''] = read(`deploy/gateways/${name}/README.md`).split('\n', 1);
      expect(first).toMatch(/^(?:Run on .*\d|Not run: )/);
      // What no checker has seen was not run either.
      if (checkedBy.startsWith('not checked')) expect(first).toMatch(/^Not run: /);
    },
  );

  it('name no key but public ones', async () => {
    for (const text of (await generatedFiles()).values())
      expect(text).not.toMatch(/PRIVATE KEY|SECRET=(?!\{"jwk_url")/);
  });
});

describe('a configuration', () => {
  const textOf = (name: string, policy = samplePolicy) =>
    gateways
      .find((gateway) => gateway.name === name)!
      .files(policy)
      .map(({ text }) => text)
      .join('\n');

  it.each([
    ['kong', spelledWith('-', '_')],
    ['envoy', spelledWith('-', '.')],
    ['ngrok', spelledWith('-', '_', '.')],
  ])('of %s removes identity headers in every spelling that reaches it', (name, spellings) => {
    const text = textOf(name).toLowerCase();
    expect(spellings.filter((one) => !text.includes(one.toLowerCase()))).toEqual([]);
  });

  it.each(['traefik', 'envoy'])('of %s asks each service’s own forward-auth server', (name) => {
    const [both, one] = [textOf(name), textOf(name, { ...samplePolicy, secondApi: undefined })];
    expect([both.includes('3012'), one.includes('3012'), one.includes('3002')]).toEqual([true, false, true]);
  });

  it.each(['kong', 'hasura-jwt'])('of %s reads the token from the cookie if the policy says so', (name) => {
    const cookie = { ...samplePolicy, tokenLocation: 'cookie', cookieName: 'the.cookie' } as const;
    expect([textOf(name).includes('the.cookie'), textOf(name, cookie).includes('the.cookie')]).toEqual([
      false,
      true,
    ]);
  });

  it.each(['true', 'null', '1.50', '-', '.'])('of kong has the cookie %s as text', (cookieName) => {
    const { plugins } = parse(textOf('kong', { ...samplePolicy, tokenLocation: 'cookie', cookieName })) as {
      plugins: { config: { cookie_names?: unknown } }[];
    };
    expect(plugins[0]?.config.cookie_names).toEqual([cookieName]);
  });

  it('of traefik prefers the rule of the second service, however short its host name is', () => {
    const secondApi = { ...samplePolicy.secondApi!, hostname: 'x.io' };
    const files = gateways.find(({ name }) => name === 'traefik')!.files({ ...samplePolicy, secondApi });
    const { http } = parse(files.find(({ path }) => path === 'dynamic.yaml')!.text) as {
      http: { routers: Record<string, { rule: string; priority: number }> };
    };
    const { api, 'second-api': second } = http.routers;
    expect(second?.rule).toBe('Host(`x.io`)');
    expect(second!.priority).toBeGreaterThan(api!.priority);
  });

  it.each([
    ['nginx', 'listen [::]:8080 ipv6only=off;'],
    ['envoy', '"::", port_value: 8080, ipv4_compat: true'],
  ])('of %s listens on IPv4 too where the address is [::]', (name, text) => {
    const everywhere = { ...samplePolicy, listen: { address: '::', port: 8080 } };
    expect(textOf(name, everywhere).split(text)).toHaveLength(2);
    expect(textOf(name)).not.toMatch(/ipv6only|ipv4_compat/);
  });

  it.each(gateways.filter(({ guardsSecondApi }) => guardsSecondApi).map(({ name }) => name))(
    'of %s is refused if it would pass requests to itself',
    (name) => {
      const cannot = (policy: Policy) => gateways.find((one) => one.name === name)!.cannot?.(policy);
      const listen = samplePolicy.forwardAuth[0];
      expect(cannot({ ...samplePolicy, listen })).toMatch(/give --listen another port/);
      expect(cannot({ ...samplePolicy, listen: samplePolicy.secondApi! })).toBeDefined();
      expect(cannot(samplePolicy)).toBeUndefined();
    },
  );

  it('is refused if the gateway cannot read the token', () => {
    const refusal = (tokenLocation: 'header' | 'cookie') =>
      gateways.flatMap((gateway) => gateway.cannot?.({ ...samplePolicy, tokenLocation }) ?? []);
    expect(refusal('header')).toEqual([]);
    expect(refusal('cookie')).toEqual(['ngrok, which reads a token from a header or a body alone']);
  });
});

import { documented } from '../../../support/openapi/documented-operations.js';
import { api } from '../started-sandbox.js';
import { sandbox } from './ground.js';

const id = 'd1f5a3c2-7b60-4c1e-9f3a-5e2d8c4b6a70';

/** Every operation of FusionAuth's OpenAPI document as `[method, path as documented]`. */
const operations = Object.entries(documented).flatMap(([path, methods]) =>
  methods.split(' ').map((method) => [method, path] as const),
);

interface Abilities {
  readonly operations: readonly string[];
  readonly withoutEffect: readonly string[];
  readonly notImplemented: readonly string[];
}

const abilities = async () => (await (await api(sandbox, 'GET', '/_sandbox')).json()) as Abilities;

/** Returns what the sandbox reports about an operation, by its name. */
function claim(
  { operations, withoutEffect, notImplemented }: Abilities,
  method: string,
  path: string,
): string {
  if (notImplemented.includes(`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`)) return '501';
  const name = `${method} ${path.replaceAll(/\/\{\w+\}/g, '')}`;
  if (withoutEffect.includes(name)) return 'stored';
  return operations.includes(name) ? 'implemented' : 'unknown';
}

describe('of the operations in FusionAuth’s OpenAPI document', () => {
  it('each is implemented, stored without effect or not implemented, as /_sandbox says', async () => {
    const said = await abilities();
    const counts: Record<string, number> = {};
    for (const [method, path] of operations) {
      const kind = claim(said, method, path);
      counts[kind] = (counts[kind] ?? 0) + 1;
    }
    expect(Object.keys(counts).sort()).toEqual(['501', 'implemented', 'stored']);
  });

  it.each(operations)('%s %s is called by its own name, for all words in its path', async (method, path) => {
    const kind = claim(await abilities(), method, path);
    const form = path.startsWith('/oauth2/') && method === 'POST';
    const answer = await api(
      sandbox,
      method,
      path.replaceAll(/\{\w+\}/g, id),
      method === 'GET' || form ? undefined : {},
      form ? { 'content-type': 'application/x-www-form-urlencoded' } : {},
    );
    const text = await answer.text();
    const called = sandbox.requests.list().at(-1)!.operation;
    if (kind === '501') {
      expect([answer.status, text]).toEqual([501, expect.stringContaining('[NotImplemented]')]);
      expect(text).toContain(`${method} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`);
    } else {
      expect(called).toBe(`${method} ${path.replaceAll(/\/\{\w+\}/g, '')}`);
      expect([200, 202, 400, 401, 404]).toContain(answer.status);
    }
    expect(text).not.toContain('couldNotConvert');
  });

  it('one that is not implemented answers 501 before it checks a key or a body', async () => {
    const answer = await fetch(`${sandbox.url}/api/user/change-password`, {
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: 'a,b',
    });
    expect([answer.status, await answer.text()]).toEqual([501, expect.stringContaining('GET /_sandbox')]);
  });

  it.each([
    ['DELETE', '/api/status'],
    ['GET', '/oauth2/token'],
    ['PATCH', '/api/jwt/refresh'],
    ['POST', '/.well-known/jwks.json'],
    ['GET', '/api/user/import'],
  ])(
    'none has the method of %s %s, which is answered 405 with no body, without a key too',
    async (method, path) => {
      const headers = { authorization: '', 'content-type': 'text/csv' };
      const answer = await fetch(sandbox.url + path, {
        method,
        headers,
        ...(method !== 'GET' && { body: 'a' }),
      });
      expect([answer.status, await answer.text()]).toEqual([405, '']);
    },
  );

  it('one that the OpenAPI document lacks and the table of API key permissions has is 501', async () => {
    const answer = await api(sandbox, 'PUT', `/api/entity/${id}/grant`, {});
    expect(answer.status).toBe(501);
  });
});

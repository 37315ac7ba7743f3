import { globSync, readdirSync, readFileSync } from 'node:fs';
import { world } from './world.js';

/** Every code that the sources give to a ProblemError or that the guard answers with. */
function codesInSources(): string[] {
  const sources = globSync(
    '{apps/{todo-api,forward-auth},libs/{auth,platform,todo-database}}/src/**/*.ts',
  ).filter((file) => !file.endsWith('.spec.ts'));
  const text = sources.map((file) => readFileSync(file, 'utf8')).join('\n');
  const patterns = [
    /\[\s*[45]\d\d,\s*'([a-z_]+)'/g,
    /ProblemError\(\s*[45]\d\d,\s*'([a-z_]+)'/g,
    /failure\.code \?\? '([a-z_]+)'/g,
    /code\?: '([a-z_]+)'/g,
    /code\?: '[a-z_]+' \| '([a-z_]+)'/g,
  ];
  return [
    ...new Set(patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([, code]) => code ?? ''))),
  ].toSorted();
}

const pages = readdirSync('docs/errors').map((file) => file.replace('.md', ''));

describe('the page at the root', () => {
  it('says to anyone what this is, and its links lead somewhere', async () => {
    const answer = await fetch(world.api.url);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const text = await answer.text();
    expect(text).toContain('<h1>Todo API</h1>');
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, href = '']) => href);
    expect(links).toEqual(expect.arrayContaining(['/docs', '/openapi.json', '/readyz']));
    for (const link of links)
      expect([link, (await fetch(new URL(link, world.api.url))).status]).toEqual([link, 200]);
  });
});

describe('the pages of the error codes', () => {
  it('exist for every code that is answered, and for no other', () => {
    const codes = codesInSources();
    expect(codes.length).toBeGreaterThan(15);
    expect(codes).toEqual(pages.toSorted());
  });

  it('are where the type of a problem leads, for everyone', async () => {
    const problem = (await (await fetch(`${world.api.url}/todos`)).json()) as { type: string; code: string };
    const page = await fetch(new URL(problem.type, world.api.url));
    expect(page.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await page.text()).toContain(`# \`${problem.code}\``);
  });

  it('are no way to other files', async () => {
    for (const path of ['..%2f..%2fpackage', 'no_such_code', '..%2farchitecture'])
      expect((await fetch(`${world.api.url}/docs/errors/${path}`)).status).toBe(404);
  });
});

import { globSync, readdirSync, readFileSync } from 'node:fs';
import { world } from './world.js';

/** Every code that the sources give to a ProblemError or that the guard answers with. */
function codesInSources(): string[] {
  const sources = globSync('{apps/{todo-api,forward-auth},libs/{auth,todo-database}}/src/**/*.ts').filter(
    (file) => !file.endsWith('.spec.ts'),
  );
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

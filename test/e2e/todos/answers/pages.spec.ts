import { world } from './world.js';

describe('the page at the root', () => {
  it('tells anyone what this is, and its links work', async () => {
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
  it('are public, where the type of a problem links to', async () => {
    const problem = (await (await fetch(`${world.api.url}/todos`)).json()) as { type: string; code: string };
    const page = await fetch(new URL(problem.type, world.api.url));
    expect(page.headers.get('content-type')).toBe('text/markdown; charset=utf-8');
    expect(await page.text()).toContain(`# \`${problem.code}\``);
  });

  it('do not serve other files', async () => {
    for (const path of ['..%2f..%2fpackage', 'no_such_code', '..%2farchitecture'])
      expect((await fetch(`${world.api.url}/docs/errors/${path}`)).status).toBe(404);
  });
});

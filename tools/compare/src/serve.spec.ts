import { mkdtempSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Listening } from '#gatehouse/platform';
import { sampleReport } from '../../../test/support/sample-report.js';
import { writeReport } from './report/write.js';
import { serveReport } from './serve.js';

describe('compare --serve', () => {
  const directory = mkdtempSync(join(tmpdir(), 'served-'));
  let server: Listening;
  beforeAll(async () => {
    await writeReport(sampleReport(), directory);
    server = await serveReport(directory, 0);
  });
  afterAll(() => server.close());

  const get = (path: string, init?: RequestInit) => fetch(server.url + path, init);

  it('shows the report and the decision helper to this machine', async () => {
    expect(server.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const page = await get('/');
    expect([page.url, page.status]).toEqual([`${server.url}/compare/`, 200]);
    expect(await page.text()).toContain('<h1>Ways to guard an API with FusionAuth, compared</h1>');
    expect(await (await get('/compare/choose')).text()).toContain('<h1>Which one fits me?</h1>');
    expect(await (await get('/compare/comparison.json')).json()).toEqual(sampleReport());
  });

  it('has every page and file that its pages link to', async () => {
    for (const path of ['/compare/', '/compare/choose']) {
      const text = await (await get(path)).text();
      const links = [...text.matchAll(/href="([^"#]+)(?:#[^"]*)?"/g)].map(([, link]) => link!);
      expect(links).not.toEqual([]);
      for (const link of new Set(links)) {
        if (link.startsWith('https:')) continue;
        expect([link, (await fetch(new URL(link, server.url + path))).status]).toEqual([link, 200]);
      }
    }
  });

  it.each(['/compare/package.json', '/compare/..%2fpackage.json', '/compare/a/b.html'])(
    'has nothing at %s',
    async (path) => {
      expect((await get(path)).status).toBe(404);
    },
  );

  it('survives a path that no URL has', async () => {
    expect(await statusFor(server.url, '//')).toBe(302);
    expect((await get('/compare/')).status).toBe(200);
  });

  it('refuses other methods, and host names other than those of this machine', async () => {
    expect((await get('/compare/', { method: 'POST' })).status).toBe(404);
    for (const host of ['evil.example', 'not a name'])
      expect(await statusFor(server.url, '/compare/', { host })).toBe(404);
  });
});

const statusFor = (url: string, path: string, headers: Record<string, string> = {}) =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    http
      .get({ hostname, port, path, headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      })
      .on('error', reject);
  });

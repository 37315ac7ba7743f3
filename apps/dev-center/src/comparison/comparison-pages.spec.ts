import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify from 'fastify';
import { addComparisonPages } from './comparison-pages.js';

describe('/compare', () => {
  const above = mkdtempSync(join(tmpdir(), 'dev-center-'));
  const directory = join(above, 'comparison');
  const server = fastify();
  addComparisonPages(server, directory);
  const get = (url: string) => server.inject({ method: 'GET', url });

  it('says how to make a report while there is none', async () => {
    const answer = await get('/compare/');
    expect([answer.statusCode, answer.body]).toEqual([
      404,
      'There is no report here. To create one: npm run compare\n',
    ]);
  });

  it('shows a report as soon as there is one, and the newest', async () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'index.html'), 'the first');
    expect((await get('/compare/')).body).toBe('the first');
    writeFileSync(join(directory, 'index.html'), 'the newest');
    const page = await get('/compare/');
    expect([page.statusCode, page.body]).toEqual([200, 'the newest']);
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
    expect((await get('/compare')).headers.location).toBe('/compare/');
  });

  it('has the decision helper and the data below it', async () => {
    writeFileSync(join(directory, 'choose.html'), 'which one');
    writeFileSync(join(directory, 'comparison.json'), '{}');
    expect((await get('/compare/choose')).body).toBe('which one');
    expect((await get('/compare/comparison.json')).json()).toEqual({});
  });

  it('has neither a button nor a way to run the comparison', async () => {
    expect((await get('/compare/')).body).not.toContain('<button');
    expect((await server.inject({ method: 'POST', url: '/compare/live' })).statusCode).toBe(404);
    expect((await get('/compare/live')).statusCode).toBe(404);
  });

  it.each(['/compare/../door.json', '/compare/%2e%2e%2fdoor.json', '/compare/..%5cdoor.json'])(
    'shows nothing of the data directory around it: %s',
    async (url) => {
      writeFileSync(join(above, 'door.json'), 'token');
      const answer = await get(url);
      expect([answer.statusCode, answer.body.includes('token')]).toEqual([404, false]);
    },
  );
});

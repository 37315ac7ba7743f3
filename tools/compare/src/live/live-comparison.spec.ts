import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import fastify from 'fastify';
import { databaseTemplate } from '../../../../test/support/embedded-database.js';
import { sampleReport } from '../../../../test/support/sample-report.js';
import { readReport } from '../read-report.js';
import { hashOf } from '../report/html.js';
import { writeReport } from '../report/write.js';
import { apisHere } from '../world/apis.js';
import { Ground, sandbox } from '../world/ground.js';
import { liveComparison } from './live-comparison.js';

describe('the comparison run from its page', () => {
  const directory = mkdtempSync(join(tmpdir(), 'live-'));
  const server = fastify({ forceCloseConnections: true });
  let live: ReturnType<typeof liveComparison>;
  let url: string;
  beforeAll(async () => {
    await writeReport(sampleReport(), directory);
    const template = await databaseTemplate('todo');
    live = liveComparison({
      directory,
      only: ['api-key', 'email-token'],
      sections: ['tenants'],
      newGround: () =>
        new Ground({
          apis: () => Promise.resolve(apisHere()),
          fusionAuth: sandbox,
          databaseTemplate: template,
        }),
    });
    live.pages(server);
    url = await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterAll(async () => {
    await live.close();
    await server.close();
  });

  const pageText = async (path = '/compare/') => (await fetch(url + path)).text();
  const begin = () => fetch(`${url}/compare/live`, { method: 'POST', headers: { origin: url } });

  /** Returns the events that a browser receives until the run has finished. */
  async function follow() {
    const { body } = await fetch(`${url}/compare/live`);
    const events: string[][] = [];
    const stream = Readable.fromWeb(body as ReadableStream);
    for await (const line of createInterface(stream)) {
      const [field, text = ''] = line.split(/: (.*)/s);
      if (field === 'event') events.push([text]);
      if (field === 'data') events.at(-1)!.push(text);
      if (line === 'data: ' && events.length > 1) break;
    }
    stream.destroy();
    return events;
  }

  it('shows the newest report with a button, and permits the page to ask its own server', async () => {
    const page = await pageText();
    expect(page).toContain('id="measure">Measure it on this machine</button>');
    expect(page).not.toContain('<body data-run');
    const scripts = [...page.matchAll(/<script type="module">([\s\S]*?)<\/script>/g)].map(
      ([, text]) => text!,
    );
    const hashes = scripts.map((text) => `'${hashOf(text)}'`).join(' ');
    expect(scripts).toHaveLength(2);
    expect(page).toContain(`script-src ${hashes}; connect-src 'self'; base-uri 'none'`);
    expect(await pageText('/compare/index.html')).toBe(page);
    expect(await pageText('/compare/choose')).toContain('<h1>Which one fits me?</h1>');
  });

  it.each([
    ['another site', { origin: 'https://evil.example' }],
    ['no page', {}],
    ['a name of somebody else for this address', { origin: 'http://evil.example', host: 'evil.example' }],
  ])('does not start for a request of %s', async (_, headers) => {
    // Without the network, since fetch sends no other Host than that of its URL.
    const answer = await server.inject({ method: 'POST', url: '/compare/live', headers });
    expect(answer.statusCode).toBe(403);
    expect(await pageText()).not.toContain('<body data-run');
  });

  it('starts once, sends every cell as it is measured, and shows the new report in the end', async () => {
    expect((await begin()).status).toBe(202);
    expect((await begin()).status).toBe(409);
    const page = await pageText();
    const [, run = ''] = /<body data-run="([^"]+)"/.exec(page) ?? [];
    expect(page.match(/<td id="[^"]+"><span class="absent">/g)).toHaveLength(4);
    expect(page).not.toContain('The run was not complete');

    const events = await follow();
    expect([events[0], events.at(-1)]).toEqual([
      ['run', run],
      ['run', ''],
    ]);
    const cells = events.flatMap(([name, data]) => (name === 'cell' ? [JSON.parse(data!) as object] : []));
    expect(cells).toHaveLength(4);
    expect(cells).toContainEqual(
      expect.objectContaining({ id: 'tenants-foreign-credential-api-key', rating: 'good' }),
    );
    expect(events).toContainEqual(['note', 'tenants: done']);
    const { made, sections } = readReport(join(directory, 'comparison.json'));
    expect([made.command, made.complete, sections.map(({ id }) => id)]).toEqual([
      'npm start (the button in /compare)',
      true,
      ['tenants'],
    ]);
    expect(await pageText()).toContain('by <code>npm start (the button in /compare)</code>');
  });

  it('aborts a run when the system stops, and stores nothing of it', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'live-'));
    const short = liveComparison({ directory: elsewhere, only: ['api-key'], sections: ['tenants'] });
    const other = fastify();
    short.pages(other);
    const host = '127.0.0.1';
    const headers = { host, origin: `http://${host}` };
    expect((await other.inject({ method: 'POST', url: '/compare/live', headers })).statusCode).toBe(202);
    await short.close();
    expect((await other.inject({ method: 'POST', url: '/compare/live', headers })).statusCode).toBe(409);
    expect(existsSync(join(elsewhere, 'comparison.json'))).toBe(false);
  });
});

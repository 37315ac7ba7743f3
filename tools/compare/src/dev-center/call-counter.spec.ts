import { createServer, type Server } from 'node:http';
import { listen } from '#gatehouse/platform';
import { type CallCounter, countCalls } from './call-counter.js';

let upstream: Server;
let counter: CallCounter;
beforeAll(async () => {
  upstream = createServer((request, answer) => {
    const isPage = request.url === '/page';
    answer.setHeader('content-type', isPage ? 'text/html; charset=utf-8' : 'application/json');
    answer.setHeader('set-cookie', ['a=1', 'b=2']);
    answer.statusCode = request.url === '/gone' ? 404 : 200;
    void request.toArray().then((body) => answer.end(`${request.headers.host} ${body.join('')}`));
  });
  counter = await countCalls(await listen(upstream, { host: '127.0.0.1', port: 0 }));
});
afterAll(async () => {
  await counter.close();
  await new Promise((resolve) => upstream.close(resolve));
});

describe('the counter of calls', () => {
  it('passes requests on with their Host header, so that addresses in answers lead back to it', async () => {
    const answer = await fetch(`${counter.url}/any`, { method: 'POST', body: 'sent' });
    expect(await answer.text()).toBe(`${new URL(counter.url).host} sent`);
    expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect((await fetch(`${counter.url}/gone`)).status).toBe(404);
    counter.take();
  });

  it('names each call once, without ids and queries, which may be secret, and distinguishes pages from data', async () => {
    await fetch(`${counter.url}/user/0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1a01?token=secret`);
    await fetch(`${counter.url}/page`);
    expect(counter.take()).toEqual([
      { name: 'GET /user/{id}', page: false },
      { name: 'GET /page', page: true },
    ]);
    expect(counter.take()).toEqual([]);
  });

  it('cuts the connection when FusionAuth does, and does not count the call', async () => {
    const unreachable = await countCalls('http://127.0.0.1:1');
    await expect(fetch(`${unreachable.url}/any`)).rejects.toThrow('fetch failed');
    expect(unreachable.take()).toEqual([]);
    await unreachable.close();
  });
});

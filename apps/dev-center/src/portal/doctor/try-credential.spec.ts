import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tryAtTodoApi } from './try-credential.js';

async function listening(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('trying a credential', () => {
  it('does not follow a redirect, which would send an API key to another host', async () => {
    const seen: unknown[] = [];
    const elsewhere = await listening((request, response) => {
      seen.push(request.headers['x-api-key']);
      response.end();
    });
    const location = `${elsewhere.url}/`;
    const api = await listening((_request, response) => response.writeHead(307, { location }).end());
    expect(await tryAtTodoApi(api.url, ['x-api-key', 'a-key'])).toMatchObject({ status: 307 });
    expect(seen).toEqual([]);
    api.server.close();
    elsewhere.server.close();
  });

  it('shows two thousand characters of the answer', async () => {
    const { server, url } = await listening((_request, response) => response.end('x'.repeat(10_000)));
    const { body } = await tryAtTodoApi(url, ['x-api-key', 'a-key']);
    expect(body).toBe(`${'x'.repeat(2_000)}\n…`);
    server.close();
  });

  it('does not wait longer for an answer that never ends', async () => {
    const { server, url } = await listening((_request, response) => void response.write('['));
    const tried = await tryAtTodoApi(url, ['x-api-key', 'a-key'], 100);
    expect(tried).toMatchObject({ status: undefined, body: expect.stringContaining('No answer') as string });
    server.closeAllConnections();
    server.close();
  });

  it('reports that the Todo API did not answer, and shows only the beginning of the credential', async () => {
    const tried = await tryAtTodoApi('http://127.0.0.1:1', ['x-api-key', 'abcdefghijklmnopqrstuvwxyz']);
    expect(tried).toMatchObject({ status: undefined, header: 'x-api-key: abcdefghijkl… (26 characters)' });
    expect(tried.body).toContain('TODO_API_URL is wrong');
  });
});

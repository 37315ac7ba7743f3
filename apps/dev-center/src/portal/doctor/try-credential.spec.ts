import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tryAtTodoApi } from './try-credential.js';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Starts a server for one test, and returns its URL. */
async function listening(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('trying a credential', () => {
  it('does not follow a redirect, which would send an API key to another host', async () => {
    const seen: unknown[] = [];
    const elsewhere = await listening((request, response) => {
      seen.push(request.headers['x-api-key']);
      response.end();
    });
    const api = await listening((_request, response) =>
      response.writeHead(307, { location: `${elsewhere}/` }).end(),
    );
    expect(await tryAtTodoApi(api, ['x-api-key', 'a-key'])).toMatchObject({ status: 307 });
    expect(seen).toEqual([]);
  });

  it('shows two thousand characters of the answer', async () => {
    const url = await listening((_request, response) => response.end('x'.repeat(10_000)));
    const { body } = await tryAtTodoApi(url, ['x-api-key', 'a-key']);
    expect(body).toBe(`${'x'.repeat(2_000)}\n…`);
  });

  it('does not wait longer for an answer that never ends', async () => {
    const url = await listening((_request, response) => void response.write('['));
    const tried = await tryAtTodoApi(url, ['x-api-key', 'a-key'], 100);
    expect(tried).toMatchObject({ status: undefined, body: expect.stringContaining('No answer') as string });
  });

  it('reports that the Todo API did not answer, and shows only the beginning of the credential', async () => {
    const tried = await tryAtTodoApi('http://127.0.0.1:1', ['x-api-key', 'abcdefghijklmnopqrstuvwxyz']);
    expect(tried).toMatchObject({ status: undefined, header: 'x-api-key: abcdefghijkl… (26 characters)' });
    expect(tried.body).toContain('TODO_API_URL is wrong');
  });
});

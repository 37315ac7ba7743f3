import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tryAtTodoApi } from './try-credential.js';

describe('trying a credential', () => {
  it('does not follow a redirect, which would send an API key to another host', async () => {
    const seen: unknown[] = [];
    const elsewhere = createServer((request, response) => {
      seen.push(request.headers['x-api-key']);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
    const api = createServer((_request, response) => response.writeHead(307, { location }).end());
    await once(api.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
    expect(await tryAtTodoApi(url, ['x-api-key', 'a-key'])).toMatchObject({ status: 307 });
    expect(seen).toEqual([]);
    api.close();
    elsewhere.close();
  });

  it('reports that the Todo API did not answer, and shows only the beginning of the credential', async () => {
    const tried = await tryAtTodoApi('http://127.0.0.1:1', ['x-api-key', 'abcdefghijklmnopqrstuvwxyz']);
    expect(tried).toMatchObject({ status: undefined, header: 'x-api-key: abcdefghijkl… (26 characters)' });
    expect(tried.body).toContain('TODO_API_URL is wrong');
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ForwardDoor } from '#gatehouse/auth/forward';
import type { AnsweredRequest } from '#gatehouse/http-edge';
import { createLogger } from '#gatehouse/platform';
import { isQuestion, verifyListener } from './verify-listener.js';

describe('the listener at /verify', () => {
  let server: Server;
  let answered: AnsweredRequest[];
  let logged: { msg: string; err?: { message: string }; requestId?: string }[];

  async function ask(door: ForwardDoor) {
    [answered, logged] = [[], []];
    const log = createLogger('test', 'info', { write: (line) => void logged.push(JSON.parse(line)) });
    const record = (one: AnsweredRequest) => void answered.push(one);
    server = createServer(verifyListener({ door, trustedProxies: [], record, log }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return fetch(`http://127.0.0.1:${port}/verify`);
  }
  afterEach(() => server.close());

  it.each<[string, ForwardDoor]>([
    [
      'throws',
      () => {
        throw new Error('boom');
      },
    ],
    ['rejects', () => Promise.reject(new Error('boom'))],
  ])('answers 500, refused, and logs the cause if the door %s', async (_how, door) => {
    const answer = await ask(door);
    expect([answer.status, answer.headers.get('x-auth-verdict')]).toEqual([500, 'refused']);
    const { code, requestId } = (await answer.json()) as { code: string; requestId: string };
    expect(code).toBe('internal_error');
    expect(logged).toMatchObject([{ msg: 'request failed', err: { message: 'boom' }, requestId }]);
    expect(answered).toMatchObject([{ status: 500, code: 'internal_error', requestId }]);
  });

  it('answers 500 if the headers of an acceptance cannot be written', async () => {
    const answer = await ask(() => ({ headers: { 'X-Auth-Subject': 'a\r\nb' } }));
    expect([answer.status, answer.headers.get('x-auth-verdict')]).toEqual([500, 'refused']);
    expect(answered).toMatchObject([{ status: 500 }]);
  });

  it.each([
    ['/verify', true],
    ['/verify?body=none', true],
    ['/verify/todos?a=b', true],
    ['/verified', false],
    ['/', false],
    ['/hasura', false],
    [undefined, false],
  ])('takes %s for its own path: %s', (url, is) => {
    expect(isQuestion(url)).toBe(is);
  });
});

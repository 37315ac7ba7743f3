import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { Secret } from '#gatehouse/platform';
import { FusionAuthDeclined, FusionAuthRefusedUs, FusionAuthUnavailable } from '../unavailable.js';
import { type Call, type ControlClient, controlClient } from './client.js';

type Answer = (request: IncomingMessage, response: ServerResponse) => unknown;

let answer: Answer;
let asked: string[];
const server = createServer((request, response) => {
  asked.push(`${request.method} ${request.headers.authorization === key ? 'key' : 'stranger'}`);
  answer(request, response);
});
const key = 'the-manager-key';
const client = (timeoutMs: number) =>
  controlClient({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ tenantId: id, applicationId: id, key: new Secret(key), keyName: 'MANAGER_KEY' },
    timeoutMs,
  });
let control: ControlClient;
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  control = client(10_000);
});
afterAll(() => server.close().closeAllConnections());
beforeEach(() => (asked = []));

const id = '7a3c1e52-4b0d-4c7e-9a55-1f0c6d2e8b01';
const shape = z.object({ user: z.object({ id: z.string() }) });
const read: Call = (client) => client.retrieveUser(id);
const remove: Call = (client) => client.deleteUser(id);
const change: Call = (client) => client.patchUser(id, { user: {} });

const says =
  (status: number, body = '', type = 'application/json'): Answer =>
  (_request, response) =>
    response.writeHead(status, body ? { 'content-type': type } : {}).end(body);
/** Answers as FusionAuth does: 401 to keys that it does not know, at any endpoint. */
const fusionAuth =
  (known: Answer): Answer =>
  (request, response) =>
    request.headers.authorization === key ? known(request, response) : says(401)(request, response);
const ada = JSON.stringify({ user: { id } });

/** Returns the outcome of every kind of request. */
async function outcomes(of = control): Promise<unknown[]> {
  const isGone = async () => (await of.found('GET /api/user', read, shape)) === undefined;
  const ways = [
    () => of.found('GET /api/user', read, shape),
    () => of.answered('GET /api/user', read, shape),
    () => of.removed('DELETE /api/user', remove, isGone),
    () => of.changed('PATCH /api/user', change, shape, isGone),
    () => of.accepted('POST /api/entity/grant', change),
  ];
  const all = [];
  for (const way of ways) all.push(await way().catch((error: unknown) => (error as Error).constructor));
  return all;
}

describe('the control client', () => {
  it('takes an object for gone if the answer is 404 to our key and 401 to an unknown one', async () => {
    answer = fusionAuth(says(404));
    expect(await outcomes()).toEqual([
      ...[undefined, FusionAuthUnavailable, undefined, undefined, FusionAuthUnavailable],
    ]);
    asked = [];
    await control.found('GET /api/user', read, shape);
    expect(asked).toEqual(['GET key', 'GET stranger', 'GET key']);
  });

  it.each([
    ['a 404 with a page', says(404, '404 page not found', 'text/plain')],
    ['a 404 with JSON', says(404, '{"message":"no Route matched"}')],
    ['an empty 404 for everybody', says(404)],
    ['an empty 200', says(200)],
    ['a 200 with HTML', says(200, '<p>Back soon', 'text/html')],
    ['a 200 with JSON of another shape', says(200, '{"status":"maintenance"}')],
    ['a 200 whose JSON is cut short', says(200, ada.slice(0, -3))],
    ['a 204', says(204)],
    [
      'a redirect to what looks right',
      (request, response) =>
        request.url === '/elsewhere'
          ? says(200, ada)(request, response)
          : response.writeHead(302, { location: '/elsewhere' }).end(),
    ],
    ['a 400 with a page', says(400, '<h1>400 Bad Request', 'text/html')],
    ['a 401 with a page', says(401, '<h1>401', 'text/html')],
    ['a 403', says(403)],
    ['a 500', says(500)],
    ['a 502 with a page', says(502, '<h1>502 Bad Gateway', 'text/html')],
    ['no answer', () => undefined],
    ['a connection that is cut', (request) => request.socket.resetAndDestroy()],
  ] as [string, Answer][])(
    'does not take %s for an answer of FusionAuth, to any call',
    async (_what, given) => {
      answer = given;
      const [found, answered, removed, changed, accepted] = await outcomes(
        _what === 'no answer' ? client(250) : control,
      );
      expect([found, answered, removed, changed]).toEqual(Array(4).fill(FusionAuthUnavailable));
      // FusionAuth itself answers some calls with an empty 200, and nothing is concluded from one.
      if (_what !== 'an empty 200') expect(accepted).toBe(FusionAuthUnavailable);
    },
  );

  it('does not trust a 404 that is not repeated', async () => {
    let count = 0;
    answer = fusionAuth((request, response) => {
      count += 1;
      (count === 1 ? says(404) : says(200, ada))(request, response);
    });
    await expect(control.found('GET /api/user', read, shape)).rejects.toThrow('a moment after a 404');
  });

  it('does not count an object as removed or changed while it still exists, after any answer', async () => {
    answer = fusionAuth((request, response) =>
      (request.method === 'GET' ? says(200, ada) : says(404))(request, response),
    );
    const [, , removed, changed] = await outcomes();
    expect([removed, changed]).toEqual([FusionAuthUnavailable, FusionAuthUnavailable]);
    answer = fusionAuth((request, response) =>
      (request.method === 'GET' ? says(200, ada) : says(200))(request, response),
    );
    expect((await outcomes())[2]).toBe(FusionAuthUnavailable);
  });

  it('distinguishes a refused key from a declined call, and reports only its codes', async () => {
    answer = says(401);
    expect(await outcomes()).toEqual(Array(5).fill(FusionAuthRefusedUs));
    answer = says(400, '{"fieldErrors":{"user.email":[{"code":"[duplicate]user.email","message":"ada@…"}]}}');
    const declined = await control.answered('GET /api/user', read, shape).catch((error: unknown) => error);
    expect(declined).toBeInstanceOf(FusionAuthDeclined);
    expect(String(declined)).toMatch(/declined with \[duplicate\]user\.email$/);
  });

  it('reports what was answered and after how long, and nothing of a key or a body', async () => {
    answer = says(404, `<p>no backend for ${key}`, 'text/html');
    const error = await control.found('GET /api/user', read, shape).catch((thrown: unknown) => thrown);
    expect(String(error)).toMatch(/GET \/api\/user: answer 404, with a body that FusionAuth does not send/);
    expect(String(error)).not.toContain(key);
  });
});

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { jest } from '@jest/globals';
import { ClientSecretPost, None, refreshTokenGrant } from 'openid-client';
import { tokenEndpoint } from './token-endpoint.js';

describe('the token endpoint', () => {
  let url: string;
  let pauses: number[];
  /** The endpoint's answer to each request; the last one repeats. */
  let answers: ((response: ServerResponse) => void)[];
  let asked: number;
  /** The requests that it received. */
  let bodies: string[];
  let now: number;
  let discovery: (response: ServerResponse) => void;

  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') return discovery(response);
    const answer = answers[Math.min(asked++, answers.length - 1)]!;
    void text(request).then((body) => {
      bodies.push(body);
      answer(response);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    pauses = [];
    asked = 0;
    bodies = [];
    now = 0;
    discovery = metadata;
  });

  const metadata = (response: ServerResponse) =>
    response.end(JSON.stringify({ issuer: 'test', token_endpoint: `${url}/token` }));
  const refresh = () => {
    const pause = (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds));
    const parts = { issuerUrl: url, pause, clock: () => now };
    const ask = tokenEndpoint(parts, { id: 'client', authentication: None }, String);
    return ask((configuration) => refreshTokenGrant(configuration, 'refresh-1'));
  };
  const tokens = (response: ServerResponse) =>
    response.end(JSON.stringify({ access_token: 'access', token_type: 'Bearer', expires_in: 3600 }));
  const cut = (response: ServerResponse) => response.destroy();
  const status =
    (code: number, error = '') =>
    (response: ServerResponse) =>
      response.writeHead(code).end(JSON.stringify({ error }));

  it.each([
    ['a connection that breaks', cut],
    ['a 503', status(503)],
    ['a 429', status(429)],
    ['nonsense', (response: ServerResponse) => response.end('<html>')],
  ])('is called again after %s', async (_what, trouble) => {
    answers = [trouble, trouble, tokens];

    expect(await refresh()).toMatchObject({ accessToken: 'access' });
    expect(pauses).toEqual([500, 2_000]);
  });

  it('is called once more after a slow failure, within the grace period of a one-time token', async () => {
    const timeOut = (response: ServerResponse) => {
      now += 20_000;
      response.destroy();
    };
    answers = [timeOut, tokens];

    expect(await refresh()).toMatchObject({ accessToken: 'access' });
    expect(pauses).toEqual([15_000]);

    answers = [timeOut];
    asked = 0;
    await expect(refresh()).rejects.toMatchObject({ kind: 'unavailable' });
    expect(asked).toBe(2);

    answers = [cut, cut, timeOut, tokens];
    asked = 0;
    expect(await refresh()).toMatchObject({ accessToken: 'access' });
  });

  it('is unavailable, never a refusal, when no answer comes the third time', async () => {
    answers = [cut];

    await expect(refresh()).rejects.toMatchObject({ kind: 'unavailable', exitCode: 4 });
    expect(asked).toBe(3);
  });

  it('is not called again after a refusal', async () => {
    answers = [status(400, 'invalid_grant')];

    await expect(refresh()).rejects.toMatchObject({ kind: 'refused', exitCode: 3, message: 'invalid_grant' });
    expect(asked).toBe(1);
  });

  it('refuses the client with a 401 and a challenge', async () => {
    answers = [(response) => response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end('{}')];

    await expect(refresh()).rejects.toMatchObject({ kind: 'refused', message: 'invalid_client' });
  });

  it.each([
    ['server_error', status(400, 'server_error')],
    ['temporarily_unavailable', status(400, 'temporarily_unavailable')],
    ['a 429, with any error', status(429, 'invalid_grant')],
    [
      'a token of another type',
      (response: ServerResponse) => response.end('{"access_token":"a","token_type":"DPoP"}'),
    ],
  ])('has not refused if it answers %s', async (_what, answer) => {
    answers = [answer];

    await expect(refresh()).rejects.toMatchObject({ kind: 'unavailable', exitCode: 4 });
  });

  it('has its error quoted without control characters and at most 60 characters', async () => {
    answers = [status(400, `odd\r\n${'x'.repeat(200)}`)];

    await expect(refresh()).rejects.toMatchObject({ message: `odd??${'x'.repeat(55)}` });
  });

  it.each<[string, (response: ServerResponse) => void, RegExp]>([
    ['a 404', (response) => response.writeHead(404).end('{}'), /discovery answered 404/],
    ['a page', (response) => response.end('<html>'), /discovery did not answer with its metadata/],
    [
      'no address',
      (response) => response.end('{"issuer":"test"}'),
      /discovery did not answer with its metadata/,
    ],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: `${url}/elsewhere` }).end(),
      /gave no usable answer/,
    ],
  ])('is not called if discovery answers %s', async (_what, answer, message) => {
    discovery = answer;
    answers = [tokens];

    await expect(refresh()).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringMatching(message),
    });
    expect(asked).toBe(0);
  });

  it('is discovered once, and each request reads the client’s secret again', async () => {
    let lookedFor = 0;
    discovery = (response) => {
      lookedFor++;
      metadata(response);
    };
    answers = [tokens];
    const secrets = ['first', 'second'];
    const authentication = () => ClientSecretPost(secrets.shift());
    const parts = { issuerUrl: url, pause: () => Promise.resolve(), clock: () => now };
    const ask = tokenEndpoint(parts, { id: 'client', authentication }, String);

    for (const token of ['refresh-1', 'refresh-2'])
      await ask((configuration) => refreshTokenGrant(configuration, token));

    expect(lookedFor).toBe(1);
    expect(bodies.map((body) => new URLSearchParams(body).get('client_secret'))).toEqual(['first', 'second']);
  });

  it('is discovered again after a failure', async () => {
    discovery = (response) => {
      discovery = metadata;
      response.writeHead(503).end();
    };
    answers = [tokens];

    expect(await refresh()).toMatchObject({ accessToken: 'access' });
  });

  describe('that never answers', () => {
    // The seconds that the two limits count are milliseconds here.
    const timeout = AbortSignal.timeout.bind(AbortSignal);
    beforeEach(() => jest.spyOn(AbortSignal, 'timeout').mockImplementation((ms) => timeout(ms / 1_000)));
    afterEach(() => jest.restoreAllMocks());
    const silence = () => undefined;

    it.each([
      ['to the request for its metadata', () => void (discovery = silence)],
      ['to the request for a token', () => void (answers = [silence])],
    ])('%s is unavailable after 10 s', async (_what, arrange) => {
      answers = [tokens];
      arrange();

      await expect(refresh()).rejects.toMatchObject({
        kind: 'unavailable',
        message: expect.stringContaining('no answer within 10 s'),
      });
    });
  });

  describe('of an authorization server behind https', () => {
    afterEach(() => jest.restoreAllMocks());

    it('is never called over http, even if the metadata says so', async () => {
      const asked: string[] = [];
      jest.spyOn(globalThis, 'fetch').mockImplementation((input) => {
        asked.push(input instanceof Request ? input.url : input.toString());
        const body = { issuer: 'test', token_endpoint: 'http://auth.example/token' };
        return Promise.resolve(Response.json(body));
      });
      const parts = { issuerUrl: 'https://auth.example', pause: () => Promise.resolve(), clock: () => 0 };
      const ask = tokenEndpoint(parts, { id: 'client', authentication: None }, String);

      const answer = ask((configuration) => refreshTokenGrant(configuration, 'refresh-1'));

      await expect(answer).rejects.toMatchObject({ kind: 'unavailable' });
      expect(new Set(asked)).toEqual(new Set(['https://auth.example/.well-known/openid-configuration']));
    });
  });
});

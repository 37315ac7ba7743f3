import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import { Secret } from '#gatehouse/platform';
import { type ApprovalRequest, type DeviceGrant, walkDeviceGrant } from './device-grant.js';

const deviceCode = 'the-device-code-that-nobody-else-may-see';
const sessionId = '7c0d3f6a-2f47-4a80-b5e9-9b1d6c3e1e28';
const device = {
  device_code: deviceCode,
  user_code: 'ABC123',
  verification_uri: 'https://dev.example.com/device',
  expires_in: 600,
};

/** An authorization server with the answers of a test; the last one of the token endpoint is repeated. */
describe('the device grant', () => {
  let url: string;
  let now: number;
  let waited: number[];
  let reports: string[];
  let shown: ApprovalRequest[];
  let forms: { readonly path: string | undefined; readonly form: URLSearchParams }[];
  let authorized: (response: ServerResponse) => void;
  let answers: ((response: ServerResponse) => void)[];

  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    if (request.url === '/.well-known/openid-configuration') {
      const [token_endpoint, device_authorization_endpoint] = [`${url}/token`, `${url}/device_authorize`];
      response.end(JSON.stringify({ issuer: 'a name', token_endpoint, device_authorization_endpoint }));
      return;
    }
    void text(request).then((body) => {
      forms.push({ path: request.url, form: new URLSearchParams(body) });
      if (request.url === '/device_authorize') return authorized(response);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer!(response);
    });
  });
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    [now, waited, reports, shown, forms] = [0, [], [], [], []];
    authorized = answer(200, device);
    answers = [tokens];
  });

  const answer =
    (status: number, body: object | string, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  const refusal = (error: string, status = 400) => answer(status, { error });
  const tokens = answer(200, {
    access_token: 'an-access-token',
    token_type: 'Bearer',
    refresh_token: 'a-refresh-token',
    refresh_token_id: sessionId,
  });
  const pending = refusal('authorization_pending');
  const slowDown = refusal('slow_down');
  const cut = (response: ServerResponse) => void response.destroy();

  const walk = (changes: Partial<DeviceGrant> = {}) =>
    walkDeviceGrant({
      url,
      clientId: 'the-client',
      tenantId: 'the-tenant',
      clock: () => now,
      pause(milliseconds) {
        waited.push(milliseconds / 1000);
        now += milliseconds;
        return Promise.resolve();
      },
      show: (request) => void shown.push(request),
      report: (said) => void reports.push(said),
      signal: new AbortController().signal,
      ...changes,
    });
  const polls = () => forms.filter(({ path }) => path === '/token').length;

  it.each([
    ['that the server asks for', { interval: 7 }, 7],
    ['of five seconds if the server asks for none', {}, 5],
  ])('waits an interval %s before each poll', async (_which, asked, seconds) => {
    authorized = answer(200, { ...device, ...asked });
    answers = [pending, pending, tokens];

    expect(await walk()).toMatchObject({ sessionId, refreshToken: 'a-refresh-token' });
    expect(waited).toEqual([seconds, seconds, seconds]);
    expect(polls()).toBe(3);
  });

  it('waits five seconds longer after each slow_down', async () => {
    answers = [slowDown, pending, slowDown, pending, tokens];

    await walk();

    expect(waited).toEqual([5, 10, 10, 15, 15]);
  });

  it.each([
    ['a broken connection', cut],
    ['a 503', answer(503, {})],
    ['a 429', refusal('access_denied', 429)],
    ['a 502 with an OAuth error', refusal('access_denied', 502)],
    ['a page', answer(200, '<html>')],
  ])(
    'doubles its wait after each %s, up to a minute, and returns to the interval after an answer',
    async (_what, silence) => {
      answers = [silence, silence, silence, silence, silence, pending, tokens];

      expect(await walk()).toMatchObject({ sessionId });
      expect(waited).toEqual([5, 10, 20, 40, 60, 60, 5]);
      expect(reports.filter((said) => said.includes('gives no answer'))).toHaveLength(1);
    },
  );

  it.each([
    ['says that it is pending', pending],
    ['wants it slower', slowDown],
    ['gives no answer', cut],
  ])('ends when the code expires, although the server still %s', async (_what, still) => {
    authorized = answer(200, { ...device, expires_in: 60 });
    answers = [still];

    await expect(walk()).rejects.toMatchObject({ error: 'expired_token' });
    expect(now).toBeGreaterThanOrEqual(60_000);
    expect(now).toBeLessThan(120_000);
  });

  it.each([
    ['access_denied', refusal('access_denied')],
    ['expired_token', refusal('expired_token')],
    ['invalid_client', answer(401, {}, { 'www-authenticate': 'Basic realm="x"' })],
    ['odd??x', refusal('odd\r\nx')],
    ['no_session', answer(200, { access_token: 'a', token_type: 'Bearer' })],
  ])('ends with %s, and polls no more', async (error, last) => {
    answers = [last];

    await expect(walk()).rejects.toMatchObject({ name: 'DeviceGrantError', error });
    expect(polls()).toBe(1);
  });

  it('shows nothing if the first request is refused or gets no answer', async () => {
    authorized = refusal('unauthorized_client');
    await expect(walk()).rejects.toMatchObject({ error: 'unauthorized_client' });
    authorized = cut;
    await expect(walk()).rejects.not.toHaveProperty('error');
    expect([shown, waited]).toEqual([[], []]);
  });

  it('stops during a wait, and polls no more', async () => {
    const leaving = new AbortController();
    answers = [pending];
    const pause = (_milliseconds: number, signal?: AbortSignal) => {
      if (polls() > 0) leaving.abort(new Error('somebody left'));
      signal?.throwIfAborted();
      return Promise.resolve();
    };

    await expect(walk({ pause, signal: leaving.signal })).rejects.toThrow('somebody left');
    expect(polls()).toBe(1);
  });

  it('requests a session of the tenant, and authenticates the client with its secret each time, if it has one', async () => {
    await walk({ clientSecret: new Secret('the-secret-of-the-client') });
    await walk();
    const sent = forms.map(({ form }) => Object.fromEntries(form));
    const client = { client_id: 'the-client' };
    const first = { ...client, scope: 'offline_access', tenantId: 'the-tenant' };
    const grant_type = 'urn:ietf:params:oauth:grant-type:device_code';
    const poll = { ...client, grant_type, device_code: deviceCode };
    const secret = { client_secret: 'the-secret-of-the-client' };
    expect(sent).toEqual([{ ...first, ...secret }, { ...poll, ...secret }, first, poll]);
  });

  it('never shows the device code, and shows the user code only to the person', async () => {
    authorized = answer(200, { ...device, expires_in: 130, verification_uri_complete: 'https://complete/' });
    answers = [pending, cut, answer(503, { device_code: deviceCode }), pending, refusal('access_denied')];

    const failure: unknown = await walk().catch((error: unknown) => error);

    expect(shown).toEqual([
      {
        userCode: 'ABC123',
        verificationUri: device.verification_uri,
        verificationUriComplete: 'https://complete/',
        expiresInSeconds: 130,
      },
    ]);
    expect(reports.join()).toMatch(/gives no answer.*waiting for the approval; the code expires in \d min/);
    const said = inspect([failure, reports], { depth: 20 });
    expect(said).not.toContain(deviceCode);
    expect(said).not.toContain('ABC123');
  });
});

import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { request } from 'undici';
import { adaId, api, applicationId, logIn, postLogIn, refresh } from '../started-sandbox.js';
import { sandbox } from './ground.js';

const control = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  request(`${sandbox.url}/_sandbox${path}`, {
    method: method as 'GET',
    headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
const jwks = () => fetch(`${sandbox.url}/.well-known/jwks.json`, { redirect: 'manual' });
const kids = async () =>
  ((await (await jwks()).json()) as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
const keySet = 'GET /.well-known/jwks.json';

describe('the page at the root', () => {
  it('tells a browser what the sandbox is', async () => {
    const answer = await fetch(sandbox.url, { headers: { 'sec-fetch-site': 'none', accept: 'text/html' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toContain('text/html');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await answer.text()).toContain('It is not FusionAuth');
  });
});

describe('the controls over HTTP', () => {
  it('list themselves with a description each', async () => {
    const { statusCode, body } = await control('GET', '');
    const overview = (await body.json()) as {
      controls: { path: string; about: string }[];
      operations: string[];
    };
    expect(statusCode).toBe(200);
    expect(overview.controls.map(({ path }) => path)).toEqual(expect.arrayContaining(['/_sandbox/faults']));
    expect(overview.controls.every(({ about }) => about.length > 10)).toBe(true);
    expect(overview.operations).toContain('POST /oauth2/token');
  });

  it.each([
    ['an origin', { origin: 'http://127.0.0.1:3001' }],
    ['fetch metadata', { 'sec-fetch-site': 'same-origin' }],
    ['a name that only resolves to this machine', { host: 'rebound.example:9011' }],
  ])('refuse a request with %s, as a browser sends it', async (_case, headers) => {
    const refused = await control('POST', '/clock', { advanceMs: 1000 }, headers);
    expect(refused.statusCode).toBe(403);
    expect((await control('POST', '/clock', { advanceMs: 1000 })).statusCode).toBe(204);
  });

  it('report what is wrong with a request', async () => {
    const unknown = await control('POST', '/faults', { operation: 'GET /nowhere', status: 500 });
    expect(unknown.statusCode).toBe(400);
    expect(await unknown.body.text()).toContain('there is no operation GET /nowhere');
    const malformed = await control('POST', '/faults', { operation: '*', status: 'down' });
    expect(malformed.statusCode).toBe(400);
  });

  it.each([
    ['/faults', { operation: '*', times: 1 }, 'delayMs, status or answer'],
    ['/faults', { operation: '*', status: 503, answer: 'hang' }, 'status and answer'],
    ['/clock', { advanceMs: 1e15 }, 'from the year 1970 to the year 9999'],
    ['/clock', { advanceMs: -1e14 }, 'from the year 1970 to the year 9999'],
  ])('refuse %s %j, which could have no effect', async (path, body, message) => {
    const refused = await control('POST', path, body);
    expect([refused.statusCode, await refused.body.text()]).toEqual([400, expect.stringContaining(message)]);
    expect([sandbox.faults.list(), Math.abs(sandbox.clock.now() - Date.now()) < 1000]).toEqual([{}, true]);
  });

  it('move the clock by a span or to an instant', async () => {
    const now = async () => ((await (await control('GET', '/clock')).body.json()) as { now: string }).now;
    await control('POST', '/clock', { set: '2030-01-01T00:00:00Z' });
    await control('POST', '/clock', { advanceMs: 3_600_000 });
    expect(await now()).toMatch(/^2030-01-01T01:00:0\d\.\d{3}Z$/);
    expect(decodeJwt((await logIn(sandbox)).access_token).iat).toBeGreaterThanOrEqual(
      Date.UTC(2030, 0, 1, 1) / 1000,
    );
  });

  it('set faults, settings and keys as the functions do', async () => {
    await control('POST', '/faults', { operation: keySet, status: 503, times: 1 });
    expect(sandbox.faults.list()).toEqual({ [keySet]: { status: 503, times: 1 } });
    await control('DELETE', '/faults');
    expect(sandbox.faults.list()).toEqual({});
    await control('POST', '/settings', { tty: true });
    expect(sandbox.settings).toEqual({
      keyCacheDelaySeconds: 0,
      tty: true,
      strictIntrospection: false,
      licensed: true,
      slowDownDevices: false,
    });
    const { kid } = (await (await control('POST', '/keys/rotate', {})).body.json()) as { kid: string };
    expect(await kids()).toContain(kid);
    expect((await control('POST', '/keys/withdraw', { kid })).statusCode).toBe(204);
    expect(await kids()).not.toContain(kid);
    expect((await control('POST', '/keys/withdraw', { kid: 'unknown' })).statusCode).toBe(400);
  });

  it('return the ids of the API keys and nothing else', async () => {
    const ids = (await (await control('GET', '/api-keys')).body.json()) as Record<string, string>;
    const [bootstrap] = Object.entries(ids).filter(([description]) => description.startsWith('Applies'));
    const key = await api(sandbox, 'GET', `/api/api-key/${bootstrap![1]}`);
    expect([key.status, Object.keys(ids).length]).toEqual([200, 4]);
    expect(JSON.stringify(ids)).not.toContain(sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY']);
  });

  it('reset to the state after the kickstart', async () => {
    const { refresh_token } = await logIn(sandbox);
    await api(sandbox, 'DELETE', `/api/user/${adaId}?hardDelete=true`);
    sandbox.clock.advance(1_000_000);
    await control('POST', '/reset');
    expect(Math.abs(sandbox.clock.now() - Date.now())).toBeLessThan(1000);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 400 });
    await logIn(sandbox);
  });
});

describe('a fault', () => {
  it('affects one operation a given number of times', async () => {
    sandbox.faults.set(keySet, { status: 503, times: 2 });
    const statuses = [];
    for (const _time of [1, 2, 3]) statuses.push((await jwks()).status);
    expect(statuses).toEqual([503, 503, 200]);
    expect((await fetch(`${sandbox.url}/api/health`)).status).toBe(200);
  });

  it('affects every operation except the controls until it is cleared', async () => {
    sandbox.faults.set('*', { status: 500 });
    expect((await jwks()).status).toBe(500);
    expect((await fetch(`${sandbox.url}/api/health`)).status).toBe(500);
    expect((await control('GET', '/faults')).statusCode).toBe(200);
    sandbox.faults.clear();
    expect((await jwks()).status).toBe(200);
  });

  it('delays an answer', async () => {
    sandbox.faults.set(keySet, { delayMs: 150 });
    const start = performance.now();
    expect((await jwks()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThanOrEqual(145);
  });

  it('keeps a caller waiting until the caller gives up', async () => {
    sandbox.faults.set(keySet, { answer: 'hang' });
    const attempt = fetch(`${sandbox.url}/.well-known/jwks.json`, { signal: AbortSignal.timeout(150) });
    await expect(attempt).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('drops the connection before the operation runs', async () => {
    sandbox.faults.set('POST /oauth2/authorize', { answer: 'reset', times: 1 });
    await expect(postLogIn(sandbox)).rejects.toThrow('fetch failed');
    expect((await postLogIn(sandbox)).status).toBe(302);
  });

  it('drops the connection after the operation has run, so that the client cannot know the result', async () => {
    const { refresh_token } = await logIn(sandbox);
    sandbox.faults.set('POST /oauth2/token', { answer: 'lost', times: 1 });
    await expect(refresh(sandbox, refresh_token!)).rejects.toThrow('fetch failed');
    const again = await refresh(sandbox, refresh_token!);
    expect(again.status).toBe(200);
    sandbox.clock.advance(60_000);
    expect(await refresh(sandbox, refresh_token!)).toMatchObject({ status: 400 });
    expect(await refresh(sandbox, again.body.refresh_token!)).toMatchObject({ status: 200 });
  });

  it('answers with broken JSON, a page, or a redirect to one', async () => {
    sandbox.faults.set(keySet, { answer: 'garbage', times: 1 });
    const garbage = await jwks();
    expect(garbage.status).toBe(200);
    await expect(garbage.json()).rejects.toThrow('JSON');
    sandbox.faults.set(keySet, { answer: 'html', times: 1 });
    const page = await jwks();
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html']);
    sandbox.faults.set(keySet, { answer: 'redirect', times: 1 });
    const redirect = await jwks();
    expect([redirect.status, redirect.headers.get('location')]).toEqual([302, '/login']);
  });
});

describe('signing keys', () => {
  const verified = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/jwks.json`)), {
      audience: applicationId,
    });

  it('rotate: new tokens carry the new key and old tokens still verify', async () => {
    const before = (await logIn(sandbox)).access_token;
    const { kid, previousKid } = await sandbox.rotateKey();
    const after = (await logIn(sandbox)).access_token;
    expect(decodeProtectedHeader(before).kid).toBe(previousKid);
    expect(decodeProtectedHeader(after).kid).toBe(kid);
    await verified(before);
    await verified(after);
  });

  it('are withdrawn: their tokens can no longer be verified', async () => {
    const { access_token } = await logIn(sandbox);
    await verified(access_token);
    await sandbox.withdrawKey(decodeProtectedHeader(access_token).kid!);
    await expect(verified(access_token)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
  });

  it('are published for verification only: an unused RSA pair and the key of webhooks too, never the HMAC key of the tenant', async () => {
    const { keys } = (await (await jwks()).json()) as { keys: Record<string, unknown>[] };
    const byAlgorithm = (wanted: string) => keys.filter(({ alg }) => alg === wanted);
    expect(byAlgorithm('RS256')).toHaveLength(2);
    expect(byAlgorithm('ES256')).toHaveLength(1);
    expect(keys).toHaveLength(3);
    const [rsa, ec] = [
      ['e', 'kty', 'n'],
      ['crv', 'kty', 'x', 'y'],
    ];
    for (const key of keys) {
      const { alg, kid, use, ...rest } = key;
      expect([typeof kid, use]).toEqual(['string', 'sig']);
      expect(Object.keys(rest).sort()).toEqual(alg === 'RS256' ? rsa : ec);
    }
  });

  it.each(['RS512', 'ES256', 'ES384', 'ES512', 'Ed25519'])('sign and verify with %s', async (algorithm) => {
    const { body } = await control('POST', '/reset');
    await body.dump();
    const created = await api(sandbox, 'POST', '/api/key/generate', {
      key: { algorithm, name: algorithm, ...(algorithm.startsWith('RS') && { length: 2048 }) },
    });
    const { key } = (await created.json()) as { key: { id: string; kid: string; hasPrivateKey: boolean } };
    expect(key).toMatchObject({
      algorithm,
      hasPrivateKey: true,
      publicKey: expect.stringMatching(/^-----BEGIN PUBLIC/),
    });
    expect(key).not.toHaveProperty('privateKey');
    await api(sandbox, 'PATCH', `/api/application/${applicationId}`, {
      application: { jwtConfiguration: { accessTokenKeyId: key.id, idTokenKeyId: key.id } },
    });
    const { access_token, id_token } = await logIn(sandbox);
    expect((await verified(access_token)).protectedHeader.kid).toBe(key.kid);
    await verified(id_token!);
  });

  it('of the tenant are HS256 unless the application has its own, so that the key set cannot verify', async () => {
    await api(sandbox, 'PATCH', `/api/application/${applicationId}`, {
      application: { jwtConfiguration: { enabled: false } },
    });
    const { access_token } = await logIn(sandbox);
    expect(decodeProtectedHeader(access_token)).toMatchObject({
      alg: 'HS256',
      kid: expect.stringMatching(/^[\da-f]{10}$/),
    });
    await expect(verified(access_token)).rejects.toThrow();
  });
});

describe('the request log', () => {
  it('counts every operation and stores path and status, never the query', async () => {
    await jwks();
    await jwks();
    await fetch(`${sandbox.url}/api/report/totals?key=s3cret`);
    sandbox.faults.set(keySet, { status: 503 });
    await jwks();
    expect(sandbox.requests.count(keySet)).toBe(3);
    expect(sandbox.requests.counts()).toEqual({ [keySet]: 3, 'GET /api/report/totals': 1 });
    expect(sandbox.requests.list().map(({ path, status }) => [path, status])).toEqual([
      ['/.well-known/jwks.json', 200],
      ['/.well-known/jwks.json', 200],
      ['/api/report/totals', 501],
      ['/.well-known/jwks.json', 503],
    ]);
    const { body } = await control('GET', '/requests');
    expect(await body.json()).toEqual({
      counts: sandbox.requests.counts(),
      requests: sandbox.requests.list(),
    });
    await control('DELETE', '/requests');
    expect(sandbox.requests.counts()).toEqual({});
  });

  it('counts all unknown paths under one name for each method', async () => {
    for (const path of ['/a', '/api/b', '/oauth2/c']) await fetch(sandbox.url + path);
    await fetch(`${sandbox.url}/d`, { method: 'DELETE' });
    expect(sandbox.requests.counts()).toEqual({ 'GET (unknown path)': 3, 'DELETE (unknown path)': 1 });
    expect(sandbox.requests.list().map(({ path }) => path)).toEqual(['/a', '/api/b', '/oauth2/c', '/d']);
  });
});

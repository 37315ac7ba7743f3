import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { sandbox } from '../answers/ground.js';
import { adaId, api, authorize, call, lock, logIn, postLogIn, refresh } from '../started-sandbox.js';
import { PageVisitor } from './page-visitor.js';

/** Presses a button and returns the page that comes after it. */
async function pressed(name: string, ...marks: string[]): Promise<string> {
  const visitor = new PageVisitor(sandbox);
  const { status, text, headers } = await visitor.press(name, ...marks);
  if (status !== 303) throw new Error(`${name} answered ${status}: ${text}`);
  return (await visitor.open(String(headers['location']).split('#')[0])).text;
}

const locks = async () => {
  const { body } = await call(sandbox, 'GET', `/api/user/action?userId=${adaId}&preventingLogin=true`);
  return body['actions'] as { expiry: number; actioneeUserId: string }[];
};
const kids = async () => {
  const { body } = await call(sandbox, 'GET', '/.well-known/jwks.json');
  return (body['keys'] as { kid: string }[]).map(({ kid }) => kid);
};
const keysPage = () => fetch(`${sandbox.url}/.well-known/jwks.json`, { signal: AbortSignal.timeout(300) });

describe('"Lock this user"', () => {
  it('locks the user for a day by the user action of the kickstart file, and revokes the sessions', async () => {
    const { refresh_token } = await logIn(sandbox);
    const page = await pressed('lock-user', adaId);
    expect(page).toContain('The user is locked for a day.');
    expect(page).toMatch(/ada@example\.com[^]*?locked[^]*?until/);
    const [action] = await locks();
    expect(action!.expiry - sandbox.clock.now()).toBeGreaterThan(86_300_000);
    expect(await (await postLogIn(sandbox)).text()).toContain('Your account has been locked for a while.');
    expect((await refresh(sandbox, refresh_token!)).status).toBe(400);
  });

  it('defines a user action if none prevents logging in', async () => {
    const { body } = await call(sandbox, 'GET', '/api/user-action');
    for (const { id } of body['userActions'] as { id: string }[])
      await call(sandbox, 'DELETE', `/api/user-action/${id}?hardDelete=true`);
    await pressed('lock-user', adaId);
    expect(await locks()).toHaveLength(1);
  });

  it('is undone by "Unlock", and every other lock of the user with it', async () => {
    await lock(sandbox, adaId);
    await lock(sandbox, adaId);
    await pressed('unlock-user', adaId);
    expect(await locks()).toEqual([]);
    expect((await postLogIn(sandbox)).status).toBe(302);
  });
});

describe('"Deactivate"', () => {
  it('deactivates, and "Reactivate" undoes it', async () => {
    await pressed('deactivate-user', adaId);
    expect(await (await postLogIn(sandbox)).text()).toContain('Your account has been locked. Ask');
    await pressed('reactivate-user', adaId);
    expect((await postLogIn(sandbox)).status).toBe(302);
  });
});

describe('a session', () => {
  it('is revoked', async () => {
    const { access_token, refresh_token } = await logIn(sandbox);
    const { sid } = decodeJwt(access_token) as { sid: string };
    expect(await pressed('revoke-session', sid)).not.toContain(sid);
    expect((await call(sandbox, 'GET', `/api/jwt/refresh/${sid}`)).status).toBe(404);
    expect((await refresh(sandbox, refresh_token!)).status).toBe(400);
  });

  it.each([
    ['Fixed', {}],
    ['SlidingWindow', {}],
    [
      'SlidingWindowWithMaximumLifetime',
      { refreshTokenSlidingWindowConfiguration: { maximumTimeToLiveInMinutes: 90_000 } },
    ],
  ])('expires, and no other does, under the policy %s', async (refreshTokenExpirationPolicy, more) => {
    await call(sandbox, 'PATCH', '/api/application/a1f4b2c8-3d5e-4f6a-8b7c-9d0e1f2a3b4c', {
      application: { jwtConfiguration: { refreshTokenExpirationPolicy, ...more } },
    });
    const [first, second] = [await logIn(sandbox), await logIn(sandbox)];
    await pressed('expire-session', String(decodeJwt(first.access_token)['sid']));
    expect(await refresh(sandbox, first.refresh_token!)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect((await refresh(sandbox, second.refresh_token!)).status).toBe(200);
  });

  it('expires by the control for programs too, which reports an unknown session', async () => {
    const { access_token, refresh_token } = await logIn(sandbox);
    const id = decodeJwt(access_token)['sid'];
    const expire = () =>
      fetch(`${sandbox.url}/_sandbox/sessions/expire`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-mode': '' },
        body: JSON.stringify({ id }),
      });
    expect((await expire()).status).toBe(204);
    expect((await refresh(sandbox, refresh_token!)).status).toBe(400);
    const again = await expire();
    expect([again.status, await again.text()]).toEqual([400, expect.stringContaining('no live session')]);
  });
});

describe('a signing key', () => {
  const verified = (token: string) =>
    jwtVerify(token, createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/jwks.json`)));

  it('is rotated, and withdrawn', async () => {
    const before = (await logIn(sandbox)).access_token;
    const old = decodeProtectedHeader(before).kid!;
    await pressed('rotate-key', `value="${old}"`);
    const after = (await logIn(sandbox)).access_token;
    expect(decodeProtectedHeader(after).kid).not.toBe(old);
    await verified(before);
    await pressed('withdraw-key', `value="${old}"`);
    expect(await kids()).not.toContain(old);
    await expect(verified(before)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
    await verified(after);
  });
});

describe('an API key', () => {
  it('expires', async () => {
    const ids = sandbox.apiKeyIds();
    const [, id = ''] = Object.entries(ids).find(([description]) => description.startsWith('Reminder')) ?? [];
    const probe = () =>
      api(sandbox, 'GET', '/api/group', undefined, { authorization: sandbox.secrets['REMINDER_API_KEY']! });
    expect((await probe()).status).toBe(200);
    expect(await pressed('expire-api-key', id)).toContain('expired');
    expect((await probe()).status).toBe(401);
    expect((await api(sandbox, 'GET', '/api/group')).status).toBe(200);
  });
});

describe('the clock', () => {
  it('is moved by an hour, set, and reset to real time', async () => {
    const ahead = () => Math.round((sandbox.clock.now() - Date.now()) / 60_000);
    expect(await pressed('advance-clock')).toContain('1 h ahead of real time');
    expect(ahead()).toBe(60);
    await pressed('real-clock');
    expect(ahead()).toBe(0);
    const visitor = new PageVisitor(sandbox);
    const pageToken = await visitor.pageToken();
    await visitor.send('set-clock', { pageToken, instant: '2030-01-01T00:00:05' });
    expect(Math.abs(sandbox.clock.now() - Date.UTC(2030, 0, 1, 0, 0, 5))).toBeLessThan(2000);
    expect((await visitor.send('set-clock', { pageToken, instant: 'tomorrow' })).status).toBe(400);
  });
});

describe('a fault', () => {
  it('"Down for 30 s" drops every connection and shows the time left', async () => {
    expect(await pressed('set-fault', 'value="down"')).toMatch(
      /Everywhere: drops the connection, for another (30|29) s/,
    );
    await expect(keysPage()).rejects.toThrow('fetch failed');
    expect(sandbox.faults.list()['*']?.forMs).toBeLessThanOrEqual(30_000);
    await pressed('clear-faults');
    expect((await keysPage()).status).toBe(200);
  });

  it('clears itself after its time', async () => {
    sandbox.faults.set('*', { status: 500, forMs: 1_000 });
    expect((await keysPage()).status).toBe(500);
    while ((await keysPage()).status !== 200) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(sandbox.faults.list()).toEqual({});
  });

  it.each([
    ['hang', { answer: 'hang' }],
    ['error', { status: 500 }],
    ['slow', { delayMs: 2000 }],
  ])('%s strikes the operation that was chosen, until cleared', async (kind, fault) => {
    const visitor = new PageVisitor(sandbox);
    const fields = {
      pageToken: await visitor.pageToken(),
      operation: 'POST /oauth2/token',
      kind,
      seconds: '0',
    };
    expect((await visitor.send('set-fault', fields)).status).toBe(303);
    expect(sandbox.faults.list()).toEqual({ 'POST /oauth2/token': fault });
    for (const wrong of [
      { operation: 'GET /nowhere' },
      { kind: 'explode' },
      { seconds: 'soon' },
      { seconds: '-1' },
    ])
      expect((await visitor.send('set-fault', { ...fields, ...wrong })).status).toBe(400);
  });
});

describe('"Reset the sandbox"', () => {
  it('restores the state that the kickstart file sets up', async () => {
    await logIn(sandbox);
    await pressed('deactivate-user', adaId);
    sandbox.clock.advance(1_000_000);
    expect(await pressed('reset')).toContain('The sandbox was reset to its kickstart file.');
    expect(Math.abs(sandbox.clock.now() - Date.now())).toBeLessThan(1000);
    expect((await authorize(sandbox)).status).toBe(200);
    expect((await postLogIn(sandbox)).status).toBe(302);
  });
});

import { decodeJwt } from 'jose';
import {
  applicationId,
  authorizationRequest,
  call,
  challengeOf,
  configure,
  exchange,
  newVerifier,
  redirected,
} from '../started-sandbox.js';
import { sandbox } from './ground.js';

const joan = { 'user.email': 'Joan@example.com', 'user.password': 'correct horse battery' };

const allow = (registrationConfiguration: object = {}) =>
  configure(sandbox, { registrationConfiguration: { enabled: true, ...registrationConfiguration } });
const show = (changes: Record<string, string | undefined> = {}) =>
  fetch(`${sandbox.url}/oauth2/register?${authorizationRequest(changes).toString()}`, { redirect: 'manual' });
const submit = (fields: Record<string, string | undefined>, headers: Record<string, string> = {}) =>
  fetch(`${sandbox.url}/oauth2/register`, {
    method: 'POST',
    body: authorizationRequest(fields),
    redirect: 'manual',
    headers,
  });
const user = async (email: string) => (await call(sandbox, 'GET', `/api/user?email=${email}`)).body['user'];

describe('people who register themselves', () => {
  it('are users with the default roles, and logged in', async () => {
    await allow();
    await call(sandbox, 'POST', `/api/application/${applicationId}/role`, {
      role: { name: 'newcomer', isDefault: true },
    });
    const page = await show();
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('name="user.email"')]);
    const verifier = newVerifier();
    const answer = await submit({ ...joan, code_challenge: challengeOf(verifier) });
    expect(answer.status).toBe(302);
    const parameters = redirected(answer);
    expect(parameters.get('userState')).toBe('Authenticated');
    const { body } = await exchange(sandbox, parameters.get('code')!, verifier);
    expect(decodeJwt(body.access_token)['roles']).toEqual(expect.arrayContaining(['newcomer']));
    expect(await user('joan@example.com')).toMatchObject({ registrations: [{ applicationId }] });
  });

  it('are asked for the fields that the application enables, and for nothing else', async () => {
    await allow({
      confirmPassword: true,
      fullName: { enabled: true, required: true },
      loginIdType: 'username',
    });
    const text = await (await show()).text();
    const names = [...text.matchAll(/name="((?:user\.|password)\w*)"/g)].map(([, name]) => name);
    expect(names).toEqual(['user.username', 'user.fullName', 'user.password', 'passwordConfirm']);
    const entered = { 'user.username': 'joan', 'user.password': joan['user.password'] };
    expect(await (await submit(entered)).text()).toContain('Full name is required.');
    const named = { ...entered, 'user.fullName': 'Joan', 'user.firstName': 'Not asked for' };
    expect(await (await submit({ ...named, passwordConfirm: 'other' })).text()).toContain('passwords differ');
    expect((await submit({ ...named, passwordConfirm: joan['user.password'] })).status).toBe(302);
    const { body } = await call(sandbox, 'GET', '/api/user?username=joan');
    expect(body['user']).toMatchObject({ username: 'joan', fullName: 'Joan' });
    expect(body['user']).not.toHaveProperty('firstName');
  });

  it.each([
    ['an address that another has', { 'user.email': 'ada@example.com' }, 'Another user has this email.'],
    ['a password that is too short', { 'user.password': 'short' }, 'A password needs at least'],
    ['no e-mail address', { 'user.email': 'joan' }, 'The e-mail address is not valid.'],
    ['no password', { 'user.password': '' }, 'Password is required.'],
  ])('see on the page what is wrong: %s', async (_what, change, message) => {
    await allow();
    const answer = await submit({ ...joan, ...change });
    const text = await answer.text();
    expect([answer.status, text]).toEqual([200, expect.stringContaining(message)]);
    expect(text).not.toContain(joan['user.password']);
    expect(await user('joan@example.com')).toBeUndefined();
  });

  it('are sent on to the log-in page where the application does not allow it', async () => {
    for (const answer of [await show(), await submit(joan)])
      expect(answer.headers.get('location')).toContain(`${sandbox.url}/oauth2/authorize?client_id=`);
    expect(await user('joan@example.com')).toBeUndefined();
  });

  it('come from the Hosted Backend to the page that the application allows', async () => {
    const page = async () => {
      const answer = await fetch(`${sandbox.url}/app/register/${applicationId}`, { redirect: 'manual' });
      return new URL(answer.headers.get('location')!).pathname;
    };
    expect(await page()).toBe('/oauth2/authorize');
    await allow();
    expect(await page()).toBe('/oauth2/register');
  });

  it('cannot be registered by a form of another site, or with another return address', async () => {
    await allow();
    expect((await submit(joan, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await submit({ ...joan, redirect_uri: 'https://evil.example/' })).status).toBe(400);
    expect(await user('joan@example.com')).toBeUndefined();
  });

  it('get 501 for an advanced form', async () => {
    await allow({ type: 'advanced' });
    expect((await show()).status).toBe(501);
  });
});

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { applicationId, logIn } from '../started-sandbox.js';
import { sandbox } from './ground.js';

// An API as FusionAuth's quickstarts write one: the token from the cookie `app.at`, else from the header; verified by
// the key set, issuer and audience; then a role is required.
let api: Server;
let token: string;

const tokenOf = ({ headers }: IncomingMessage): string =>
  /(?:^|; )app\.at=([^;]+)/.exec(headers.cookie ?? '')?.[1] ??
  headers.authorization?.replace(/^Bearer /, '') ??
  '';

beforeEach(async () => {
  token = (await logIn(sandbox))['access_token'];
  const keys = createRemoteJWKSet(new URL(`${sandbox.url}/.well-known/jwks.json`));
  const check = async (request: IncomingMessage): Promise<number> => {
    const expected = { issuer: 'gatehouse.example', audience: applicationId };
    const verified = await jwtVerify(tokenOf(request), keys, expected).catch(() => undefined);
    if (!verified) return 401;
    const roles = verified.payload['roles'] as readonly string[];
    return roles.includes(request.url!.slice(1)) ? 200 : 403;
  };
  api = createServer((request, response) => {
    void check(request).then((status) => response.writeHead(status).end());
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => api.once('listening', resolve));
});
afterEach(() => api.close());

const ask = async (role: string, headers: Record<string, string>): Promise<number> =>
  (await fetch(`http://127.0.0.1:${(api.address() as AddressInfo).port}/${role}`, { headers })).status;

describe('an API written as the quickstarts write one', () => {
  it('takes a token of the sandbox from the cookie first, and then from the header', async () => {
    const authorization = `Bearer ${token}`;
    expect(await ask('todo-reader', { cookie: `app.at=${token}` })).toBe(200);
    expect(await ask('todo-reader', { authorization })).toBe(200);
    expect(await ask('todo-reader', { cookie: 'app.at=nonsense', authorization })).toBe(401);
  });

  it('asks for a role that the person has', async () => {
    expect(await ask('todo-auditor', { authorization: `Bearer ${token}` })).toBe(403);
  });

  it('refuses a modified token and a request without one', async () => {
    const [header, payload, signature = ''] = token.split('.');
    const modified = [header, payload, (signature.startsWith('A') ? 'B' : 'A') + signature.slice(1)].join(
      '.',
    );
    expect(await ask('todo-reader', { authorization: `Bearer ${modified}` })).toBe(401);
    expect(await ask('todo-reader', {})).toBe(401);
  });
});

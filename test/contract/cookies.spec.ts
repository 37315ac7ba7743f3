import { summary } from './context.js';
import { type ContractWorld, type Door, startContractWorld } from './contract-world.js';
import { issueAccessToken } from './people.js';

describe('an access token in the cookie of FusionAuth’s hosted backend', () => {
  let world: ContractWorld;
  let token: string;
  const open = (TOKEN_LOCATION: string, more: Record<string, string> = {}): Promise<Door> =>
    world.open({ AUTH_STRATEGY: 'jwt', TOKEN_LOCATION, ...more });

  beforeAll(async () => {
    world = await startContractWorld();
    [token = ''] = (await issueAccessToken(world)).secrets;
  });
  afterAll(() => world.close());

  it('is accepted if cookies are read, and then the header is not', async () => {
    const door = await open('cookie');
    expect(summary(await door.get('/todos', { cookie: `a=1; app.at=${token}` }))).toEqual([200, undefined]);
    expect(summary(await door.get('/todos', { authorization: `Bearer ${token}` }))).toEqual([
      401,
      'credential_required',
    ]);
    expect(door.authenticator.securitySchemes['jwt']).toMatchObject({ in: 'cookie', name: 'app.at' });
  });

  it('is ignored if only the header is read (OA-1)', async () => {
    const door = await open('header');
    expect(summary(await door.get('/todos', { cookie: `app.at=${token}` }))).toEqual([
      401,
      'credential_required',
    ]);
    const both = { cookie: 'app.at=stale', authorization: `Bearer ${token}` };
    expect(summary(await door.get('/todos', both))).toEqual([200, undefined]);
  });

  it('may come either way if both are read, but never both together (OA-1)', async () => {
    const door = await open('header,cookie');
    const [inCookie, inHeader] = [{ cookie: `app.at=${token}` }, { authorization: `Bearer ${token}` }];
    for (const one of [inCookie, inHeader])
      expect(summary(await door.get('/todos', one))).toEqual([200, undefined]);
    expect(summary(await door.get('/todos', { ...inCookie, ...inHeader }))).toEqual([400, 'invalid_request']);
  });

  it('is refused like any other if it is not valid, with a challenge', async () => {
    const door = await open('cookie');
    const answer = await door.get('/todos', { cookie: `app.at=${token}x` });
    expect(summary(answer)).toEqual([401, 'invalid_token']);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('changes nothing without proof of the request’s origin', async () => {
    const door = await open('header,cookie', { ALLOWED_ORIGINS: 'https://app.example.com' });
    const post = async (headers: Record<string, string>) =>
      summary(await door.send('POST', '/todos', headers));
    const cookie = `app.at=${token}`;
    expect(await post({ cookie })).toEqual([403, 'csrf_refused']);
    expect(await post({ cookie, origin: 'https://evil.example' })).toEqual([403, 'csrf_refused']);
    expect(await post({ cookie, origin: 'https://app.example.com' })).toEqual([201, undefined]);
    expect(await post({ authorization: `Bearer ${token}` })).toEqual([201, undefined]);
  });

  it('does not reach a handler, nor does the refresh token beside it; other cookies do', async () => {
    const door = await open('cookie');
    const cookie = `a=1; app.at=${token}; app.rt=refresh-me; b=2`;
    const { text } = await door.get('/headers', { cookie });
    expect(text).toContain('a=1; b=2');
    for (const secret of [token, 'refresh-me', 'app.at']) expect(text).not.toContain(secret);
  });

  it('is read from the cookie of the Login API if TOKEN_COOKIE names it, and from no cookie that it does not name', async () => {
    const status = async (TOKEN_COOKIE: string, cookie: string) => {
      const door = await open('cookie', { TOKEN_COOKIE });
      return summary(await door.get('/todos', { cookie }));
    };
    const [hosted, login] = [`app.at=${token}`, `access_token=${token}`];
    const refused = [401, 'credential_required'];
    expect(await status('access_token', login)).toEqual([200, undefined]);
    expect(await status('access_token', hosted)).toEqual(refused);
    expect(await status('app.at', login)).toEqual(refused);
    for (const cookie of [hosted, login])
      expect(await status('app.at,access_token', cookie)).toEqual([200, undefined]);
    const names = (await open('cookie', { TOKEN_COOKIE: 'access_token,app.at' })).authenticator;
    expect(names.securitySchemes['jwt']).toEqual({
      type: 'apiKey',
      in: 'cookie',
      name: 'access_token',
      description: 'FusionAuth access token, in one of the cookies access_token, app.at',
    });
  });

  it('is refused in two cookies, in either order and even if they agree (OA-1)', async () => {
    const door = await open('header,cookie', { TOKEN_COOKIE: 'app.at,access_token' });
    for (const cookie of [
      `app.at=${token}; access_token=stale`,
      `access_token=${token}; app.at=stale`,
      `app.at=${token}; access_token=${token}`,
      `app.at=${token}; access_token=`,
    ])
      expect(summary(await door.get('/todos', { cookie }))).toEqual([400, 'invalid_request']);
    const both = { cookie: `access_token=${token}`, authorization: `Bearer ${token}` };
    expect(summary(await door.get('/todos', both))).toEqual([400, 'invalid_request']);
  });

  it('changes nothing without proof of its origin, in the cookie of the Login API too', async () => {
    const door = await open('cookie', {
      TOKEN_COOKIE: 'access_token',
      ALLOWED_ORIGINS: 'https://app.example.com',
    });
    const cookie = `access_token=${token}`;
    const post = async (headers: Record<string, string>) =>
      summary(await door.send('POST', '/todos', headers));
    expect(await post({ cookie })).toEqual([403, 'csrf_refused']);
    expect(await post({ cookie, origin: 'https://app.example.com' })).toEqual([201, undefined]);
  });

  it('does not reach a handler from any cookie of FusionAuth, nor from one that TOKEN_COOKIE names', async () => {
    const secrets = 'access_token=a; refresh_token=b; app.rt=c; app.at=d'.split('; ');
    const credential = { authorization: `Bearer ${token}` };
    const inHeader = await (
      await open('header')
    ).get('/headers', {
      ...credential,
      cookie: `a=1; ${secrets.join('; ')}; session=e`,
    });
    expect(inHeader.text).toContain('a=1; session=e');
    for (const secret of secrets) expect(inHeader.text).not.toContain(secret);
    const own = await open('header,cookie', { TOKEN_COOKIE: 'session' });
    expect((await own.get('/headers', { cookie: `a=1; session=${token}` })).text).not.toContain('session');
  });

  it('is never written anywhere', async () => {
    expect(await world.everythingWritten()).not.toContain(token);
  });
});

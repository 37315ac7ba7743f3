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

  it('opens the API where cookies are looked for, and the header is not', async () => {
    const door = await open('cookie');
    expect(summary(await door.get('/todos', { cookie: `a=1; app.at=${token}` }))).toEqual([200, undefined]);
    expect(summary(await door.get('/todos', { authorization: `Bearer ${token}` }))).toEqual([
      401,
      'credential_required',
    ]);
    expect(door.authenticator.securitySchemes['jwt']).toMatchObject({ in: 'cookie', name: 'app.at' });
  });

  it('is ignored where only the header is looked at (OA-1)', async () => {
    const door = await open('header');
    expect(summary(await door.get('/todos', { cookie: `app.at=${token}` }))).toEqual([
      401,
      'credential_required',
    ]);
    const both = { cookie: 'app.at=stale', authorization: `Bearer ${token}` };
    expect(summary(await door.get('/todos', both))).toEqual([200, undefined]);
  });

  it('may come either way where both are looked at, and never both at once (OA-1)', async () => {
    const door = await open('header,cookie');
    const [inCookie, inHeader] = [{ cookie: `app.at=${token}` }, { authorization: `Bearer ${token}` }];
    for (const one of [inCookie, inHeader])
      expect(summary(await door.get('/todos', one))).toEqual([200, undefined]);
    expect(summary(await door.get('/todos', { ...inCookie, ...inHeader }))).toEqual([400, 'invalid_request']);
  });

  it('is refused like any other when it is not good, with a challenge that says what would be', async () => {
    const door = await open('cookie');
    const answer = await door.get('/todos', { cookie: `app.at=${token}x` });
    expect(summary(answer)).toEqual([401, 'invalid_token']);
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"');
  });

  it('changes nothing without proof of where the request came from', async () => {
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

  it('is written nowhere', async () => {
    expect(await world.everythingWritten()).not.toContain(token);
  });
});

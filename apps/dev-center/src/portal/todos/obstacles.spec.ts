import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StrategyName } from '#gatehouse/auth';
import { type Environment, parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../../config.js';
import { obstacles } from './obstacles.js';

const origin = 'http://127.0.0.1:3001';

describe('the obstacles of the todo page', () => {
  let api: Server;
  let url: string;
  /** The origin that the Todo API lets call it. */
  let allowed: string | undefined;
  beforeAll(async () => {
    api = createServer((_request, response) => {
      if (allowed !== undefined) response.setHeader('access-control-allow-origin', allowed);
      response.end();
    });
    await once(api.listen(0, '127.0.0.1'), 'listening');
    url = `http://127.0.0.1:${(api.address() as AddressInfo).port}`;
  });
  beforeEach(() => void (allowed = origin));
  afterAll(() => {
    api.closeAllConnections();
    api.close();
  });

  const found = (changes: Environment = {}, strategies: readonly StrategyName[] | undefined = ['jwt']) => {
    const whole = { TODO_API_URL: url, TOKEN_LOCATION: 'header,cookie', PUBLIC_URL: origin, ...changes };
    return obstacles(parseConfig(devCenterSchema, whole), () => Promise.resolve(strategies));
  };

  it('are none if the Todo API reads the cookie and allows the page’s origin', async () => {
    expect(await found()).toEqual([]);
    expect(await found({ TOKEN_COOKIE: 'access_token,app.at' }, undefined)).toEqual([]);
  });

  it('include a Todo API that reads no cookies, with what to set for each app and the command to run', async () => {
    for (const TOKEN_LOCATION of ['header', undefined]) {
      expect((await found({ TOKEN_LOCATION })).join(' ')).toMatch(
        /TOKEN_LOCATION=header,cookie and ALLOWED_ORIGINS=http:\/\/127\.0\.0\.1:3001 for it.*npm run provision/,
      );
    }
  });

  it('include a Todo API that reads other cookies than FusionAuth’s', async () => {
    expect(await found({ TOKEN_COOKIE: 'access_token' })).toEqual([
      expect.stringContaining('TOKEN_COOKIE must name app.at'),
    ]);
  });

  it.each<[readonly StrategyName[], string]>([
    [['api-key'], 'must name jwt'],
    [['jwt', 'email-token'], 'must not name email-token'],
  ])('include the strategies of the Todo API: %j', async (strategies, what) => {
    expect(await found({}, strategies)).toEqual([expect.stringContaining(what)]);
  });

  it.each([undefined, 'http://127.0.0.1:3002'])(
    'include a Todo API that allows another origin, or none: %s',
    async (other) => {
      allowed = other;
      expect(await found()).toEqual([expect.stringContaining(`ALLOWED_ORIGINS must name ${origin}`)]);
    },
  );

  it('do not include ALLOWED_ORIGINS if page and API have one origin', async () => {
    allowed = undefined;
    expect(await found({ TODO_API_PUBLIC_URL: `${origin}/api` })).toEqual([]);
  });

  it('do not include an unavailable Todo API, which the page reports itself', async () => {
    expect(await found({ TODO_API_URL: 'http://127.0.0.1:1' })).toEqual([]);
  });

  it('include an unset TODO_API_URL', async () => {
    const config = { ...parseConfig(devCenterSchema, {}), TODO_API_URL: undefined };
    expect(await obstacles(config, () => Promise.resolve(['jwt']))).toEqual([
      expect.stringContaining('set TODO_API_URL'),
    ]);
  });
});

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StrategyName } from '#gatehouse/auth';
import { type Environment, parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../../config.js';
import { obstacles } from './obstacles.js';

const origin = 'http://127.0.0.1:3001';

describe('what keeps the todo page from working', () => {
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

  it('is nothing where the Todo API reads the cookie and lets the page call it', async () => {
    expect(await found()).toEqual([]);
    expect(await found({ TOKEN_COOKIE: 'access_token,app.at' }, undefined)).toEqual([]);
  });

  it('is that the Todo API reads no cookies: what to set for each app, and the command that tells FusionAuth', async () => {
    for (const TOKEN_LOCATION of ['header', undefined]) {
      expect((await found({ TOKEN_LOCATION })).join(' ')).toMatch(
        /TOKEN_LOCATION=header,cookie and ALLOWED_ORIGINS=http:\/\/127\.0\.0\.1:3001 for it.*npm run provision/,
      );
    }
  });

  it('is that it reads other cookies than FusionAuth’s', async () => {
    expect(await found({ TOKEN_COOKIE: 'access_token' })).toEqual([
      expect.stringContaining('TOKEN_COOKIE must name app.at'),
    ]);
  });

  it.each<[readonly StrategyName[], string]>([
    [['api-key'], 'must name jwt'],
    [['jwt', 'email-token'], 'must not name email-token'],
  ])('is a strategy of the Todo API: %j', async (strategies, what) => {
    expect(await found({}, strategies)).toEqual([expect.stringContaining(what)]);
  });

  it.each([undefined, 'http://127.0.0.1:3002'])(
    'is that the Todo API lets another page call it, or none: %s',
    async (other) => {
      allowed = other;
      expect(await found()).toEqual([expect.stringContaining(`ALLOWED_ORIGINS must name ${origin}`)]);
    },
  );

  it('is not asked of ALLOWED_ORIGINS where browsers reach page and API by one origin', async () => {
    allowed = undefined;
    expect(await found({ TODO_API_PUBLIC_URL: `${origin}/api` })).toEqual([]);
  });

  it('is not that the Todo API does not answer, which the page says itself', async () => {
    expect(await found({ TODO_API_URL: 'http://127.0.0.1:1' })).toEqual([]);
  });

  it('is that nobody knows where the Todo API is', async () => {
    const config = { ...parseConfig(devCenterSchema, {}), TODO_API_URL: undefined };
    expect(await obstacles(config, () => Promise.resolve(['jwt']))).toEqual([
      expect.stringContaining('set TODO_API_URL'),
    ]);
  });
});

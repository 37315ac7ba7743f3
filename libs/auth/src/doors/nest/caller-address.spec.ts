import { Controller, Get } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger } from '#gatehouse/platform';
import { guardSettings, startGuardedApp } from '../../../../../test/support/guarded-app.js';
import { buildAuthenticator } from '../../build-authenticator.js';
import { rejected } from '../../core/failure.js';
import type { CredentialStrategy } from '../../core/strategy.js';
import { trustsProxy } from '../caller-address.js';

/** A strategy that refuses every key, like a FusionAuth that never issued it. */
const refusesAll: CredentialStrategy<string> = {
  name: 'api-key',
  consumes: [{ in: 'header', name: 'X-API-Key' }],
  description: 'a test',
  challenge: { scheme: 'ApiKey' },
  extract: (key) => ({ credential: key }),
  key: (key) => key,
  confirm: () => Promise.resolve(rejected('unknown-key')),
};

@Controller()
class Routes {
  @Get() all() {
    return [];
  }
}

describe('behind a gateway, fifteen bad keys where five a minute are allowed', () => {
  let app: NestFastifyApplication;
  let lines: { event?: string; address: string }[];

  beforeEach(async () => {
    lines = [];
    const log = createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
    const authenticator = buildAuthenticator([refusesAll], guardSettings({ log, refusedPerMinute: 5 }));
    const adapter = new FastifyAdapter({ trustProxy: trustsProxy(['127.0.0.1', '10.0.0.0/8']) });
    app = await startGuardedApp(authenticator, { controllers: [Routes], adapter });
  });
  afterEach(() => app.close());

  const tries = async (forwardedFor: (turn: number) => string) => {
    const statuses: number[] = [];
    for (let turn = 0; turn < 15; turn += 1) {
      const headers = { 'x-api-key': `key-${turn}`, 'x-forwarded-for': forwardedFor(turn) };
      statuses.push((await app.inject({ url: '/', headers })).statusCode);
    }
    return statuses;
  };
  const fiveThen429 = [...Array<number>(5).fill(401), ...Array<number>(10).fill(429)];

  it.each<[string, (turn: number) => string, string]>([
    ['an address', () => '203.0.113.5', '203.0.113.5'],
    ['an address with the port of each connection', (turn) => `203.0.113.5:${40_000 + turn}`, '203.0.113.5'],
    ['an IPv6 address in brackets with a port', (turn) => `[2001:db8::7]:${40_000 + turn}`, '2001:db8::7'],
    [
      'an address before a proxy that is trusted and has a port too',
      (turn) => `203.0.113.5:${40_000 + turn}, 10.0.0.2:${50_000 + turn}`,
      '203.0.113.5',
    ],
    [
      'an IPv4 address in two spellings',
      (turn) => ['203.0.113.5', '::ffff:203.0.113.5'][turn % 2]!,
      '203.0.113.5',
    ],
    ['a text of the caller’s choice', (turn) => `nobody-${turn}`, '127.0.0.1'],
  ])('count against %s', async (_what, forwardedFor, address) => {
    expect(await tries(forwardedFor)).toEqual(fiveThen429);
    expect(new Set(lines.map((line) => line.address))).toEqual(new Set([address]));
  });

  it('count by themselves for each of several addresses', async () => {
    expect(await tries((turn) => `203.0.113.${turn}:40000`)).toEqual(Array<number>(15).fill(401));
  });
});

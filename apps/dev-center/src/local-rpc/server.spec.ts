import { once } from 'node:events';
import http from 'node:http';
import { jest } from '@jest/globals';
import { createLogger } from '#gatehouse/platform';
import { type CenterGround, centerGround } from '../../../../test/support/dev-center-ground.js';
import { databaseCommand } from '../commands/command.js';
import { runRemotely } from './client.js';
import { type RpcServer, startRpcServer } from './server.js';

describe('the server for commands', () => {
  let ran = 0;
  const ping = databaseCommand({}, () => Promise.resolve({ times: (ran += 1) }));
  let finish: (result: object) => void;
  let began: PromiseWithResolvers<void>;
  const slow = databaseCommand({}, () => {
    began.resolve();
    return new Promise<object>((resolve) => (finish = resolve));
  });
  let server: RpcServer;
  let ground: CenterGround;
  beforeAll(async () => {
    ground = await centerGround();
    const commands = { ping, slow };
    server = await startRpcServer({ host: '127.0.0.1', port: 0, context: ground.center, commands });
  });
  afterAll(async () => {
    await server.close();
    await ground.close();
  });
  beforeEach(() => {
    ran = 0;
    began = Promise.withResolvers();
  });
  afterEach(() => void jest.useRealTimers());

  async function statusWith(
    headers: Record<string, string>,
    path = '/commands/ping',
  ): Promise<number | undefined> {
    const { hostname, port } = new URL(server.address.url);
    const all = { 'content-type': 'application/json', ...headers };
    const request = http.request({ hostname, port, path, method: 'POST', headers: all });
    request.end(JSON.stringify({ args: {}, actor: 'test' }));
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    await once(answer.resume(), 'end');
    return answer.statusCode;
  }
  const token = () => `Bearer ${server.address.token}`;

  it('runs a command for a caller that knows the token', async () => {
    expect([await statusWith({ authorization: token() }), ran]).toEqual([200, 1]);
  });

  it.each([
    ['no token', 401, () => ({})],
    ['another token', 401, () => ({ authorization: `Bearer ${'A'.repeat(43)}` })],
    ['a part of the token', 401, () => ({ authorization: token().slice(0, -1) })],
    ['the token by another scheme', 401, () => ({ authorization: server.address.token })],
    ['an Origin, as browsers send it', 403, () => ({ authorization: token(), origin: 'http://127.0.0.1' })],
    [
      'Sec-Fetch-Site, as browsers send it',
      403,
      () => ({ authorization: token(), 'sec-fetch-site': 'none' }),
    ],
    ['another host’s name', 403, () => ({ authorization: token(), host: 'rebound.example' })],
  ] as [string, number, () => Record<string, string>][])(
    'runs nothing with %s',
    async (_what, status, headers) => {
      expect([await statusWith(headers()), ran]).toEqual([status, 0]);
    },
  );

  it('also guards receipts, and does not take the name of an inherited property for a command', async () => {
    expect(await statusWith({}, '/receipts/x')).toBe(401);
    expect(await statusWith({ authorization: token() }, '/commands/constructor')).toBe(404);
  });

  it('sends an empty line every 30 s while a command is silent, which its caller ignores', async () => {
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask'],
    });
    const asked = fetch(`${server.address.url}/commands/slow`, {
      method: 'POST',
      headers: { authorization: token(), 'content-type': 'application/json' },
      body: JSON.stringify({ args: {}, actor: 'test' }),
    });
    await began.promise;
    jest.advanceTimersByTime(30_000);
    const reader = (await asked).body!.getReader();
    expect(Buffer.from((await reader.read()).value).toString()).toBe('\n');
    finish({});
    await reader.cancel();

    began = Promise.withResolvers();
    const answer = runRemotely(server.address, 'slow', {}, io);
    await began.promise;
    jest.advanceTimersByTime(60_000);
    finish({ done: true });
    expect(await answer).toEqual({ done: true });
  });

  const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };

  it('reports and logs an error that no command expects', async () => {
    const logged: string[] = [];
    const log = createLogger('dev-center', 'error', { write: (line) => void logged.push(line) });
    const broken = databaseCommand({}, () => Promise.reject(new TypeError('x is not a function')));
    const context = { ...ground.center, log };
    const other = await startRpcServer({ host: '127.0.0.1', port: 0, context, commands: { broken } });
    await expect(runRemotely(other.address, 'broken', {}, io)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(/failed unexpectedly \(x is not a function\)/) as string,
    });
    await other.close();
    expect(logged).toEqual([expect.stringContaining('a command failed unexpectedly')]);
  });

  it('closes while a command runs, whose caller then learns that its result is lost', async () => {
    const endless = databaseCommand({}, (_args, _context, { report }) => {
      report('begun');
      return new Promise<object>((resolve) => (finish = resolve));
    });
    const commands = { endless };
    const other = await startRpcServer({ host: '127.0.0.1', port: 0, context: ground.center, commands });
    const heard = { ...io, report: () => began.resolve() };
    const asked = runRemotely(other.address, 'endless', {}, heard).catch((error: unknown) => error);
    await began.promise;
    await other.close();
    finish({});
    expect(await asked).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('ended before') as string,
    });
  });

  it('answers 404 to an unknown command, and its caller says so', async () => {
    await expect(runRemotely(server.address, 'unknown', {}, io)).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('answered 404') as string,
    });
  });

  it('creates a new token of 256 bits at each start', async () => {
    const other = await startRpcServer({ host: '127.0.0.1', port: 0, context: ground.center, commands: {} });
    await other.close();
    expect(Buffer.from(server.address.token, 'base64url')).toHaveLength(32);
    expect(other.address.token).not.toBe(server.address.token);
  });
});

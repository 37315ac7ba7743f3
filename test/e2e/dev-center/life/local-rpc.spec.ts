import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Environment, ExitError, Secret, Shutdown } from '#gatehouse/platform';
import { credentialFaces } from '../../../../apps/dev-center/src/cli/faces.js';
import { runCli } from '../../../../apps/dev-center/src/cli/run-cli.js';
import { fusionAuthCommand } from '../../../../apps/dev-center/src/commands/command.js';
import { commands } from '../../../../apps/dev-center/src/commands/index.js';
import type { HandOver } from '../../../../apps/dev-center/src/issuers/issuer.js';
import { isServing, runRemotely } from '../../../../apps/dev-center/src/local-rpc/client.js';
import { announce, readAddress } from '../../../../apps/dev-center/src/local-rpc/protocol.js';
import { runCommand } from '../../../../apps/dev-center/src/local-rpc/run-command.js';
import { type RpcServer, startRpcServer } from '../../../../apps/dev-center/src/local-rpc/server.js';
import { silentLog } from '../../../support/embedded-database.js';
import { commandNamed } from '../center-world.js';
import { failure, type Headers, orphans, roles, status, world } from './ground.js';

describe('the local RPC of the process that has the database', () => {
  let server: RpcServer;
  beforeAll(async () => {
    server = await startRpcServer({ host: '127.0.0.1', port: 0, context: world.center, commands });
  });
  afterAll(() => server.close());

  const wanted = { client: 'behind-the-door', strategy: 'api-key', roles };
  const through = (name: string, args: object, handOver: (one: HandOver) => Promise<void>) =>
    runRemotely(server.address, name, args, {
      actor: 'somebody',
      report: () => undefined,
      deliver: handOver,
    });
  const statusOf = async (path: string, headers: Headers) => {
    const { hostname, port } = new URL(server.address.url);
    const request = http.request({ hostname, port, path, method: 'POST', headers });
    request.end();
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    answer.resume();
    return answer.statusCode;
  };
  const authorization = () => `Bearer ${server.address.token}`;

  it('runs a command there, and returns the secret to the caller', async () => {
    const handedOver: HandOver[] = [];
    const result = await through('issue', wanted, async (one) => void handedOver.push(one));
    expect(await status(await world.headersOf(handedOver[0]!))).toBe(200);
    expect(JSON.stringify(result)).not.toContain(handedOver[0]!.secret.value.reveal());
    const { rows } = await world.api.database.pool.query(
      `select actor, action from credential_audit where client = 'behind-the-door' order by seq`,
    );
    expect(rows).toEqual(['add-client', 'plan', 'issue'].map((action) => ({ actor: 'somebody', action })));
  });

  it('returns the error with its exit code', async () => {
    const failed = through('rotate', { client: 'nobody', strategy: 'jwt' }, () => Promise.resolve());
    await expect(failed).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('nobody') as string,
    });
  });

  it('revokes a credential whose caller cannot store the secret', async () => {
    const full = new ExitError('The disk is full.', 2);
    const asked = through('issue', { ...wanted, client: 'clumsy' }, () => Promise.reject(full));
    await expect(asked).rejects.toBe(full);
    expect((await world.run('list', { client: 'clumsy' })).credentials).toEqual([]);
    expect(await orphans()).toEqual([]);
  });

  it('revokes a credential whose caller left before the secret arrived', async () => {
    const client = 'impatient';
    const leaving = new AbortController();
    const answer = await fetch(`${server.address.url}/commands/issue`, {
      method: 'POST',
      headers: { authorization: authorization(), 'content-type': 'application/json' },
      body: JSON.stringify({ actor: 'somebody', args: { ...wanted, client } }),
      signal: leaving.signal,
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      if (!part.includes('handOver')) continue;
      const { handOver } = JSON.parse(part.slice(part.indexOf('{"receipt'))) as { handOver: object };
      expect(Object.keys(handOver)).toEqual(['settings', 'secret']);
      break;
    }
    leaving.abort();
    while (((await world.run('list', { client })).credentials as object[]).length > 0) await delay(20);
    expect(await orphans()).toEqual([]);
  });

  it('refuses browsers, other host names and callers without the token', async () => {
    const path = '/commands/list';
    expect(
      await Promise.all([
        statusOf(path, {}),
        statusOf(path, { authorization: 'Bearer guessed' }),
        statusOf(path, { authorization: authorization(), origin: 'http://127.0.0.1:3001' }),
        statusOf(path, { authorization: authorization(), 'sec-fetch-site': 'same-origin' }),
        statusOf(path, { authorization: authorization(), host: 'rebound.example:3001' }),
        statusOf(path, { authorization: authorization() }),
        statusOf('/commands/unknown', { authorization: authorization() }),
      ]),
    ).toEqual([401, 401, 403, 403, 403, 400, 404]);
  });

  it('is announced in a file that only its owner can read, and that is removed with it', () => {
    const dataDir = world.env['DATA_DIR']!;
    const withdraw = announce(dataDir, server.address);
    expect(statSync(join(dataDir, 'dev-center', 'door.json')).mode & 0o777).toBe(0o600);
    expect(readAddress(dataDir)).toEqual(server.address);
    const withdrawNext = announce(dataDir, { ...server.address, token: 'of the next process' });
    withdraw();
    expect(readAddress(dataDir)?.token).toBe('of the next process');
    withdrawNext();
    expect(readAddress(dataDir)).toBeUndefined();
  });

  it('is found by a process in another PID namespace that shares its files and addresses', async () => {
    expect(await isServing(server.address)).toBe(true);
  });

  it('is not found if another program listens at its address, and does not send it the token', async () => {
    const seen: string[] = [];
    const stranger = http.createServer((request, response) => {
      seen.push(`${request.url} ${JSON.stringify(request.headers)}`);
      response.end('ok');
    });
    await once(stranger.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    expect(await isServing({ ...server.address, url })).toBe(false);
    stranger.close();
    expect(seen).toHaveLength(1);
    expect(seen[0]).not.toContain(server.address.token);
  });

  it('is not found if a program there does not answer', async () => {
    const silent = http.createServer(() => undefined);
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const answer = await Promise.race([isServing({ ...server.address, url }), delay(5_000, 'still waiting')]);
    silent.closeAllConnections();
    silent.close();
    expect(answer).toBe(false);
  });

  it('does not prove itself to a browser', async () => {
    const headers = { origin: 'http://127.0.0.1:3001' };
    expect((await fetch(`${server.address.url}/proof/challenge`, { headers })).status).toBe(403);
  });

  it('serves only callers that use the same FusionAuth, and no command with another key', async () => {
    const withdraw = announce(world.env['DATA_DIR']!, server.address);
    const nowhere = 'http://127.0.0.1:1';
    const typed = (name: string, environment: Environment, changes: object = {}) => {
      const config = {
        ...world.config,
        DATABASE_URL: undefined,
        FUSIONAUTH_URL: nowhere,
        WEBHOOK_URL: environment['WEBHOOK_URL'],
        ...changes,
      };
      const io = { actor: 'somebody', report: () => undefined, deliver: () => Promise.resolve() };
      const around = { config, environment, log: silentLog, shutdown: new Shutdown(silentLog) };
      return runCommand(name, commandNamed(name), {}, io, around);
    };
    expect(await typed('list', {})).toHaveProperty('credentials');
    expect(await failure(typed('list', { FUSIONAUTH_URL: nowhere }))).toMatchObject({
      exitCode: 78,
      message: expect.stringContaining(`works with ${world.sandbox.url}`) as string,
    });
    expect(await typed('provision', {})).toMatchObject({ ok: true });
    expect(await failure(typed('provision', { WEBHOOK_URL: nowhere }))).toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(/^WEBHOOK_URL has no effect here/) as string,
    });
    // A command that reaches nobody ran here.
    for (const own of [{ FUSIONAUTH_URL: nowhere }, { FUSIONAUTH_MANAGER_KEY_FILE: 'key' }])
      expect(await failure(typed('provision', own))).toMatchObject({ exitCode: 4 });
    // Another database than the one of the process.
    const DATABASE_URL = new Secret('postgresql://127.0.0.1:1/other');
    expect(await failure(typed('list', {}, { DATABASE_URL }))).toMatchObject({ exitCode: 4 });
    withdraw();
    // The process ended without withdrawing its address.
    const withdrawStale = announce(world.env['DATA_DIR']!, { ...server.address, url: nowhere });
    expect(await typed('provision', {}, { FUSIONAUTH_URL: world.sandbox.url })).toMatchObject({ ok: true });
    withdrawStale();
  });

  it('lets a command print only settings to standard output, for a shell, and with --json only JSON', async () => {
    const withdraw = announce(world.env['DATA_DIR']!, server.address);
    const config = { ...world.config, DATABASE_URL: undefined };
    const caller = { config, environment: {}, log: silentLog, shutdown: new Shutdown(silentLog) };
    const printed = async (...typed: string[]) => {
      const [out, err]: [string[], string[]] = [[], []];
      const stream = (lines: string[]) => ({ write: (text: string) => void lines.push(text) });
      const file = join(world.env['DATA_DIR']!, randomUUID());
      const line = ['issue', '--client', 'of-a-script', '--strategy', 'api-key', '--out', file, ...typed];
      const streams = { stdout: stream(out), stderr: stream(err) };
      expect(await runCli('credentials', credentialFaces, line, caller, streams)).toBe(0);
      return { file, out: out.join(''), err: err.join('') };
    };
    const text = await printed('--roles', 'todo-reader');
    expect(text.out).toBe(`CREDENTIAL_SOURCE=api-key\nAPI_KEY_FILE=${text.file}\n`);
    expect(text.err).toContain('of-a-script');
    const json = await printed('--json');
    expect(JSON.parse(json.out)).toMatchObject({ client: 'of-a-script', secretFile: json.file });
    withdraw();
  });
});

describe('a command that runs in its own process', () => {
  it('finishes its clean-up before a signal ends the process and before its connections close', async () => {
    const done: string[] = [];
    const shutdown = new Shutdown(silentLog);
    const command = fusionAuthCommand({}, async (_args, context, io) => {
      io.beforeExit?.('user', async () => {
        await context.data.readClock();
        done.push('removed');
      });
      return Promise.resolve({});
    });
    const io = { actor: 'somebody', report: () => undefined, deliver: () => Promise.resolve() };
    const environment = { FUSIONAUTH_URL: world.sandbox.url };
    await runCommand('any', command, {}, io, { config: world.config, environment, log: silentLog, shutdown });
    expect(done).toEqual([]);
    await shutdown.now();
    expect(done).toEqual(['removed']);
  });
});

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger, createMetrics, readArguments } from '#gatehouse/platform';
import { createAuthenticator } from '../../libs/auth/src/create-authenticator.js';
import { guarded } from '../../libs/auth/src/doors/node/guarded.js';
import { commandLine } from '../../tools/attack/src/arguments.js';
import { runAttack } from '../../tools/attack/src/run-attack.js';
import { developmentTarget } from '../../tools/attack/src/target.js';
import { freePort } from '../support/free-port.js';
import { runTypeScript } from '../support/typescript-process.js';
import { guardConfig } from './guard-config.js';

/** Runs the command in this process. */
async function attack(...args: string[]) {
  let stdout = '';
  const exitCode = await runAttack(readArguments(commandLine, args), { say: (text) => (stdout += text) });
  return { exitCode, stdout };
}

async function serve(listener: RequestListener) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () => {
    server.closeAllConnections();
    return new Promise<unknown>((resolve) => server.close(resolve));
  };
  return { port, url: `http://127.0.0.1:${port}`, close };
}

describe('npm run attack', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'attack-'));
  });
  afterAll(() => rm(directory, { recursive: true }));

  it('exits with 0 if no hostile token is accepted, here by our guard in a bare handler', async () => {
    const port = String(await freePort());
    const issuer = { url: `http://127.0.0.1:${port}`, target: { ...developmentTarget, issuer: 'acme.com' } };
    const guard = createAuthenticator(guardConfig(issuer, 'local', { FUSIONAUTH_ISSUER: 'acme.com' }), {
      log: createLogger('test', 'silent'),
      metrics: createMetrics(),
    });
    const api = await serve(guarded(guard, (_request, response) => response.end()));
    const { exitCode, stdout } = await attack(
      ...['--url', api.url, '--issuer-port', port, '--issuer', 'acme.com'],
      ...['--seed', '5', '--mutations', '42'],
      ...['--only', 'algorithm', '--only', 'token kind', '--only', 'mutations'],
    ).finally(() => {
      guard.close();
      return api.close();
    });
    expect(stdout).toContain(`FUSIONAUTH_URL=${issuer.url}`);
    expect(stdout).toMatch(/mutations +42 +42 +0 +0 +0\n/);
    expect(stdout).toMatch(
      /0 of \d+ hostile requests were let through; (\d+) of \1 legal ones were accepted\.\n$/,
    );
    expect(exitCode).toBe(0);
  });

  it('exits with 1 and names the tokens accepted by an API that only counts the dots', async () => {
    const careless = await serve((request, response) => {
      response.statusCode = request.headers.authorization?.split('.').length === 3 ? 200 : 401;
      response.end();
    });
    const file = join(directory, 'result.json');
    const { exitCode, stdout } = await attack(
      ...['--url', careless.url, '--issuer-port', '0', '--only', 'algorithm', '--only', 'compact form'],
      ...['--json', file],
    ).finally(careless.close);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/LET THROUGH \(\d+\)\n {2}algorithm: none, without a signature\n/);
    expect(stdout).toContain('RFC 8725 section 3.2: an unsigned token proves nothing');
    const result = JSON.parse(await readFile(file, 'utf8')) as {
      ok: boolean;
      hostile: { name: string; outcome: string; status: number }[];
    };
    expect(result.ok).toBe(false);
    expect(result.hostile).toContainEqual(
      expect.objectContaining({ name: 'two parts', outcome: 'refused', status: 401 }),
    );
  });

  it('exits with 1 and a hint if a valid token is refused', async () => {
    const closed = await serve((_request, response) => response.writeHead(401).end());
    const refused = attack('--url', closed.url, '--issuer-port', '0', '--wait', '0').finally(closed.close);
    await expect(refused).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('401 to a valid token'),
    });
  });

  it('exits with 1 if the route is open to everyone', async () => {
    const open = await serve((_request, response) => response.end());
    const unguarded = attack('--url', open.url, '--issuer-port', '0').finally(open.close);
    await expect(unguarded).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('not guarded'),
    });
  });

  it('refuses options that leave no hostile token to send', async () => {
    for (const args of [
      ['--mode', 'cookies', '--only', 'algorithm'],
      ['--only', 'mutations', '--mutations', '0'],
    ]) {
      await expect(attack('--url', 'http://127.0.0.1:9', ...args)).rejects.toMatchObject({
        exitCode: 2,
        message: expect.stringContaining('leave no hostile request to send'),
      });
    }
  });

  it('exits with 4 if nothing answers', async () => {
    const main = join(import.meta.dirname, '../../tools/attack/src/main.ts');
    const url = `http://127.0.0.1:${String(await freePort())}`;
    const args = ['--url', url, '--issuer-port', '0', '--wait', '0'];
    const { exitCode, stderr } = await runTypeScript(main, args);
    expect([exitCode, stderr]).toEqual([4, expect.stringContaining('cannot be reached')]);
  });
});

import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseEnv } from 'node:util';
import { parseConfig } from '#gatehouse/platform';
import { forwardAuthSchema } from '../../../apps/forward-auth/src/config.js';
import type { Sandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { runTypeScript, startTypeScript } from '../../support/typescript-process.js';
import { applicationId, startedSandbox } from '../sandbox/started-sandbox.js';

const main = join(import.meta.dirname, '../../../tools/gateways/src/main.ts');

const otherId = '00000000-0000-4000-8000-0000000000aa';
const entityId = '0b6c1f4e-7d21-4c8a-9e35-5f1a2b3c4d5e';

let sandbox: Sandbox;
let stop: () => Promise<void>;
let out: string;
beforeAll(async () => ({ sandbox, stop } = await startedSandbox()));
afterAll(() => stop());
beforeEach(() => void (out = mkdtempSync(join(tmpdir(), 'gateways-'))));
afterEach(() => rmSync(out, { recursive: true, force: true }));

const command = (...more: string[]) =>
  runTypeScript(main, ['--issuer', sandbox.url, '--audience', applicationId, '--out', out, ...more]);

describe('npm run gateways', () => {
  it('writes a folder for each gateway, and names the checker of each', async () => {
    const { exitCode, stdout } = await command();
    expect(exitCode).toBe(0);
    const names = readdirSync(out).toSorted();
    expect(names).toEqual(expect.arrayContaining(['caddy', 'haproxy-native', 'nginx']));
    expect(stdout).not.toContain('not checked: not checked');
    for (const name of names) expect(stdout).toMatch(new RegExp(`^${name} +(checked by|not checked:) `, 'm'));
  });

  it('writes only those of --only, for the issuer that its discovery names', async () => {
    const { exitCode } = await command('--only', 'haproxy-native');
    expect(exitCode).toBe(0);
    expect(readdirSync(out)).toEqual(['haproxy-native']);
    const text = readFileSync(join(out, 'haproxy-native', 'haproxy.cfg'), 'utf8');
    expect(text).toContain('gatehouse.example');
    expect(text).toContain(applicationId);
  });

  it('reads the token from the named cookie', async () => {
    await command('--only', 'haproxy-native', '--token', 'cookie', '--cookie', 'session');
    expect(readFileSync(join(out, 'haproxy-native', 'haproxy.cfg'), 'utf8')).toContain('req.cook(session)');
  });

  it.each([
    [
      'a gateway that does not exist',
      ['--only', 'apache'],
      2,
      /--only must name gateways among haproxy-native/,
    ],
    [
      'to watch what holds no keys',
      ['--only', 'nginx', '--watch'],
      2,
      /None of these gateways has key files/,
    ],
    ['an empty audience', ['--audience', ','], 2, /--audience must name an audience/],
    ['an audience that would end a line', ['--audience', 'a\nb'], 2, /--audience/],
    [
      'half a second service',
      ['--second-api', 'http://127.0.0.1:1'],
      2,
      /needs --second-api, --second-host and/,
    ],
    ['rules that cannot be found', ['--roles', '/nowhere/rules'], 78, /contains no usable rules/],
    ['an API by name', ['--api', 'http://localhost:3000'], 2, /--api/],
    [
      'the cookie of a refresh token',
      ['--token', 'cookie', '--cookie', 'app.rt'],
      2,
      /--cookie must not name the cookie of a refresh token/,
    ],
  ])('refuses %s, says what to do, and writes nothing', async (_what, more, code, sentence) => {
    const { exitCode, stderr } = await command(...more);
    expect([exitCode, readdirSync(out)]).toEqual([code, []]);
    expect(stderr).toMatch(sentence);
  });

  it('says which gateways do not apply the rules of --roles', async () => {
    const rules = join(out, 'rules');
    writeFileSync(rules, 'GET /todos todo-reader\n');
    const { stdout } = await command('--roles', rules);
    const without = stdout.split('\n').filter((line) => line.endsWith('; it does not apply --roles'));
    expect(without.map((line) => line.split(' ', 1)[0])).toEqual([
      'haproxy-native',
      'kong',
      'ngrok',
      'hasura-jwt',
      'hasura-webhook',
    ]);
  });

  it('stops reading an issuer whose answer has no end', async () => {
    const endless = createServer((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(65_536, ' ')));
      };
      response.on('drain', more);
      more();
    }).listen(0, '127.0.0.1');
    await once(endless, 'listening');
    const { port } = endless.address() as AddressInfo;
    const { exitCode, stderr } = await command('--issuer', `http://127.0.0.1:${port}`);
    endless.close();
    expect(exitCode).toBe(4);
    expect(stderr).toContain('its answer is too large');
  });

  it.each([
    ['--issuer', ['--audience', 'api', '--out', 'x']],
    ['--audience', ['--issuer', 'http://127.0.0.1:1', '--out', 'x']],
    ['--out', ['--issuer', 'http://127.0.0.1:1', '--audience', 'api']],
  ])('refuses a command line without %s', async (name, args) => {
    const { exitCode, stderr } = await runTypeScript(main, args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(name);
  });

  it('refuses rules that the forward-auth server would refuse', async () => {
    const rules = join(out, 'rules');
    writeFileSync(rules, 'GET todos\n');
    const { exitCode, stderr } = await command('--roles', rules);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('Give --roles a file of lines such as GET /todos todo-reader.');
  });

  it('removes what a killed run left in the folder ten minutes ago, and nothing else', async () => {
    const id = '0b9e3a52-7f0c-4a58-9d83-2f1f6c1e7a10';
    const names = [`.nginx.${id}`, `.nginx.${id}x`, '.nginx.old', `.other.${id}`, `nginx.${id}`];
    for (const name of names) mkdirSync(join(out, name, 'keys'), { recursive: true });
    const recent = `.nginx.${id.replace('0b', '1b')}`;
    mkdirSync(join(out, recent));
    const longAgo = new Date(Date.now() - 11 * 60_000);
    for (const name of names) utimesSync(join(out, name), longAgo, longAgo);
    await command('--only', 'nginx');
    expect(readdirSync(out).toSorted()).toEqual(
      [...names.slice(1), recent, 'forward-auth', 'nginx'].toSorted(),
    );
  });

  it('gives the forward-auth server settings that enforce the policy', async () => {
    const rules = join(out, 'rules');
    writeFileSync(rules, '# who may read\nGET /todos todo-reader\n\n* /todos todo-writer\n');
    const second = ['--second-api', 'http://127.0.0.1:1', '--second-host', 'two.example'];
    await command(
      ...[
        '--only',
        'nginx',
        '--roles',
        rules,
        '--token',
        'cookie',
        '--cookie',
        'session',
        '--audience',
        `${applicationId},${entityId}`,
      ],
      ...[...second, '--second-audience', otherId, '--forward-auth', 'http://127.0.0.1:4002'],
    );
    const settings = (name: string) => {
      const values = parseEnv(readFileSync(join(out, 'forward-auth', name), 'utf8'));
      const config = parseConfig(forwardAuthSchema, { ...values, ALLOWED_ORIGINS: 'https://app.example' });
      const { PORT, FUSIONAUTH_ISSUER, FUSIONAUTH_APPLICATION_ID, FUSIONAUTH_ENTITY_ID } = config;
      const ids = [PORT, FUSIONAUTH_ISSUER, FUSIONAUTH_APPLICATION_ID, FUSIONAUTH_ENTITY_ID];
      return [
        ...ids,
        config.TOKEN_LOCATION,
        config.TOKEN_COOKIE,
        config.ROLE_RULES?.map(({ method, roles }) => [method, roles]),
      ];
    };
    expect(settings('api.env')).toEqual([
      ...[4002, 'gatehouse.example', applicationId, entityId, ['cookie'], ['session']],
      [
        ['GET', ['todo-reader']],
        ['*', ['todo-writer']],
      ],
    ]);
    expect(settings('second-api.env').slice(0, 3)).toEqual([3012, 'gatehouse.example', otherId]);
    expect(settings('second-api.env').at(-1)).toBeUndefined();
  });

  it.each([
    [
      'an audience that is not a UUID',
      ['--audience', 'todos'],
      /takes the UUIDs of an application and an entity/,
    ],
    ['three audiences', ['--audience', 'a,b,c'], /accepts tokens for one application and one entity/],
  ])(
    'says that the forward-auth server cannot take %s, and writes nothing that asks it',
    async (_what, more, sentence) => {
      const { exitCode, stdout } = await command('--only', 'nginx', ...more);
      // Nor the gateway, which would ask a server that cannot judge by the policy.
      expect([exitCode, readdirSync(out)]).toEqual([1, []]);
      expect(stdout).toMatch(sentence);
    },
  );

  it('exits with 4 if the issuer cannot be reached', async () => {
    const { exitCode, stderr } = await command('--issuer', 'http://127.0.0.1:1');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('start FusionAuth, or give --issuer the URL');
  });

  it('reads no keys by plain http from another machine, unless that is allowed', async () => {
    const far = ['--issuer', 'http://192.0.2.1:9011'];
    const { exitCode, stderr } = await command(...far);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('use https, or add --allow-insecure where the network is trusted.');
    // A name that never resolves (RFC 6761 section 6.4): it is asked for.
    const told = await command('--issuer', 'http://issuer.invalid', '--allow-insecure');
    expect(told.exitCode).toBe(4);
  });

  it('reads no keys that an issuer’s discovery names at a plain http address of another machine', async () => {
    const discovery = createServer((_request, response) =>
      response.end(JSON.stringify({ issuer: 'x', jwks_uri: 'http://192.0.2.1/jwks.json' })),
    ).listen(0, '127.0.0.1');
    await once(discovery, 'listening');
    const { port } = discovery.address() as AddressInfo;
    const { exitCode, stderr } = await command('--issuer', `http://127.0.0.1:${port}`);
    discovery.close();
    expect(exitCode).toBe(78);
    expect(stderr).toContain('http://192.0.2.1/jwks.json: plain http leaves this machine');
  });

  it('exits with 78 if the folder cannot be created', async () => {
    const file = join(out, 'file');
    writeFileSync(file, '');
    const { exitCode, stderr } = await command('--out', join(file, 'below'));
    expect(exitCode).toBe(78);
    expect(stderr).toContain('give --out a folder that can.');
  });

  it('--watch follows a rotation of the signing key, reloads, and ends at SIGTERM', async () => {
    const reloaded = join(out, 'reloaded');
    const script = join(out, 'reload.sh');
    writeFileSync(script, `#!/bin/sh\necho again >> '${reloaded}'\n`);
    chmodSync(script, 0o700);
    const args = ['--issuer', sandbox.url, '--audience', applicationId, '--out', join(out, 'made')];
    const more = ['--only', 'haproxy-native', '--watch', '--every', '1', '--reload', script];
    const child = startTypeScript(main, [...args, ...more], {});
    const exited = once(child, 'exit');
    const lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
    await lines.next();
    expect((await lines.next()).value).toMatch(
      /^Written to .*How to run it: deploy\/gateways\/NAME\/README\.md/,
    );
    const keys = () => readdirSync(join(out, 'made', 'haproxy-native', 'keys')).length;
    const before = keys();
    await sandbox.rotateKey();
    const { value } = await lines.next();
    expect(value).toMatch(/^Current keys of haproxy-native: /);
    expect(keys()).toBe(before + 1);
    while (!existsSync(reloaded)) await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill('SIGTERM');
    expect(await exited).toEqual([143, null]);
  });
});

import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#gatehouse/platform';
import { type Sandbox, startSandbox } from '../../../sandbox/src/start-sandbox.js';
import { modeIds } from '../modes.js';
import { Admin } from '../world/admin.js';
import { issue } from '../world/issue.js';
import { removeAll } from '../world/objects.js';
import { World } from '../world/world.js';
import { modesAt, ownFusionAuth } from './against.js';

describe('a comparison at somebody’s own FusionAuth', () => {
  let directory: string;
  let sandbox: Sandbox;
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'gatehouse-'));
    const log = createLogger('sandbox', 'silent');
    sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir: directory, log });
  });
  afterAll(async () => {
    await sandbox.close();
    rmSync(directory, { recursive: true });
  });
  afterEach(() => rmSync(journal(), { force: true }));

  const journal = () => join(directory, 'comparison-journal.jsonl');
  const environment = (key = 'FUSIONAUTH_BOOTSTRAP_KEY') => ({
    DATA_DIR: directory,
    FUSIONAUTH_BOOTSTRAP_KEY: sandbox.secrets[key] ?? key,
  });
  const open = async (said: string[] = [], url = sandbox.url) => {
    const own = await ownFusionAuth({ url }, environment(), (text) => said.push(text));
    const world = new World(own.admin, own.journal, own.version, own.entities);
    return { own, world };
  };
  /** Returns the status of a GET, to see whether a thing still exists in FusionAuth. */
  const status = async (own: { admin: World['admin'] }, path: string) =>
    (await own.admin.ask('GET', path)).status;

  it('prints its plan before it makes anything, and in the end removes all that it made', async () => {
    const said: string[] = [];
    const { own, world } = await open(said);
    expect(said.join('\n')).toMatch(/in tenants of its own and nowhere else.*removes/s);
    expect(own.journal.entries()).toEqual([]);
    await world.begin();
    const { keyId } = await issue(world, 'api-key');
    const { userId } = await issue(world, 'user-token');
    const paths = [`/api/tenant/${world.realm.tenantId}`, `/api/user/${userId}`, `/api/api-key/${keyId}`];
    expect(await Promise.all(paths.map((path) => status(own, path)))).toEqual([200, 200, 200]);
    await world.end();
    await own.close();
    expect(await Promise.all(paths.map((path) => status(own, path)))).toEqual([404, 404, 404]);
    expect(() => readFileSync(journal())).toThrow('ENOENT');
  });

  it('removes what a killed run left, by the ids in its journal, even with a torn last line', async () => {
    const { own, world } = await open();
    await world.begin();
    const { entityId } = await issue(world, 'machine-token');
    const made = own.journal.entries().length;
    own.journal.close();
    appendFileSync(journal(), '{"url":"http://127');

    const said: string[] = [];
    const { own: next } = await open(said);
    expect(said[0]).toBe(`Removing what an earlier run had left: ${made} things.`);
    expect(await status(next, `/api/tenant/${world.realm.tenantId}`)).toBe(404);
    expect(await status(next, `/api/entity/${entityId}`)).toBe(404);
    expect(await status(next, `/api/key/${world.realm.signingKeyId}`)).toBe(404);
    await next.close();
  });

  it('keeps in its journal what FusionAuth refuses to remove', async () => {
    const { own } = await open();
    own.journal.note({ kind: 'key', id: randomUUID() });
    const stranger = new Admin(sandbox.url, 'nonsense');
    await expect(removeAll(stranger, own.journal)).rejects.toThrow(/^the key \S+ cannot be removed \(401\)$/);
    expect(own.journal.entries()).toHaveLength(1);
    await own.close();
  });

  it('starts a new line after a torn last line', async () => {
    appendFileSync(journal(), '{"url":"http://127');
    const { own } = await open();
    const made = { kind: 'tenant', id: randomUUID() } as const;
    own.journal.note(made);
    own.journal.close();
    const { own: next } = await open();
    expect(next.journal.entries()).toEqual([]);
    expect(readFileSync(journal(), 'utf8')).toContain(`{"gone":"${made.id}"}`);
    await next.close();
  });

  it('says which modes can be compared there, where none of the requested ones can', async () => {
    const none = ownFusionAuth({ url: sandbox.url, only: ['jwt/remote'] }, environment(), () => undefined);
    await expect(none).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(
        /^None of --only jwt\/remote can be compared there\. These can: jwt\/local, /,
      ),
    });
    expect(() => readFileSync(journal())).toThrow('ENOENT');
  });

  it('closes without having made anything, also when it is closed twice', async () => {
    const { own } = await open();
    await Promise.all([own.close(), own.close()]);
    expect(() => readFileSync(journal())).toThrow('ENOENT');
  });

  it('writes an id before FusionAuth is asked to make the object, and makes nothing once it is ending', async () => {
    const { own, world } = await open();
    await world.begin();
    const noted: number[] = [];
    await world.noted({ kind: 'group', id: 'x' }, async () => {
      noted.push(readFileSync(journal(), 'utf8').split('"id":"x"').length - 1);
      return Promise.resolve();
    });
    expect(noted).toEqual([1]);
    own.journal.forget({ kind: 'group', id: 'x' });
    await world.end();
    await expect(world.newTenant()).rejects.toThrow('the comparison is ending');
    await own.close();
  });

  it('refuses another FusionAuth while an earlier run has left things at the first', async () => {
    const { own, world } = await open();
    await world.begin();
    own.journal.close();
    const other = sandbox.url.replace('127.0.0.1', 'localhost');
    await expect(open([], other)).rejects.toMatchObject({
      exitCode: 1,
      message: `An earlier comparison has left things at ${sandbox.url}: run it again with --against ${sandbox.url} first, which removes them.`,
    });
    await (await open()).own.close();
  });

  it('stops at a tenant that exists already, says so, leaves it alone and leaves nothing behind', async () => {
    const { own, world } = await open();
    const [, run = ''] = /^Gatehouse comparison (\w+) /.exec(world.name('x')) ?? [];
    const id = randomUUID();
    const tenant = { name: `Gatehouse comparison ${run} tenant 2`, issuer: 'another.example' };
    await own.admin.call('POST', `/api/tenant/${id}`, { body: { tenant } });
    await expect(world.begin()).rejects.toThrow(
      'FusionAuth already has this tenant ([duplicate]tenant.name): remove what is named "Gatehouse comparison …" there, then run the comparison again',
    );
    await world.end();
    await own.close();
    expect(await status(own, `/api/tenant/${id}`)).toBe(200);
    expect(() => readFileSync(journal())).toThrow('ENOENT');
    await own.admin.call('DELETE', `/api/tenant/${id}`);
  });

  it('keeps two comparisons apart', async () => {
    const { own } = await open();
    await expect(open()).rejects.toMatchObject({ exitCode: 75 });
    await own.close();
  });

  it.each([
    ['nonsense', 3, /is not a key of the FusionAuth at .* Nothing was made\./],
    [
      'FUSIONAUTH_API_KEY',
      3,
      /may not POST \/api\/tenant, .*a key of the whole instance.* Nothing was made\./,
    ],
    ['FUSIONAUTH_MANAGER_KEY', 3, /may not POST \/api\/tenant, DELETE \/api\/tenant, .* Nothing was made\./],
  ])(
    'names the permissions that the key %s lacks, before anything is made',
    async (key, exitCode, message) => {
      const refused = ownFusionAuth({ url: sandbox.url }, environment(key), () => undefined);
      await expect(refused).rejects.toMatchObject({ exitCode, message: expect.stringMatching(message) });
      expect(() => readFileSync(journal())).toThrow('ENOENT');
    },
  );

  it('says what to do without a key, at an address that does not answer, and with plain http beyond this machine', async () => {
    const at = (url: string, variables: object = environment()) =>
      ownFusionAuth({ url }, { ...variables }, () => undefined);
    await expect(at(sandbox.url, { DATA_DIR: directory })).rejects.toThrow(
      'FUSIONAUTH_BOOTSTRAP_KEY is not set: --against needs a key of that FusionAuth that may do everything',
    );
    await expect(at('http://127.0.0.1:9')).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(
        /^FusionAuth at http:\/\/127\.0\.0\.1:9 does not answer .*: is it running, and is the address right\?$/,
      ),
    });
    expect(() => readFileSync(journal())).toThrow('ENOENT');
    await expect(at('http://auth.example.com')).rejects.toThrow(/plain http to another machine/);
  });

  it('leaves out what the plan lacks, and push where webhooks cannot arrive', () => {
    expect(modesAt({ entities: true, reachesUs: true })).toEqual(modeIds);
    expect(modesAt({ entities: false, reachesUs: true })).not.toContain('client-credentials');
    expect(modesAt({ entities: true, reachesUs: false })).not.toContain('jwt/local+push');
  });

  it('refuses a FusionAuth that is too old', async () => {
    const server = createServer((request, response) => {
      const version = { status: 'ok', version: '1.48.1' };
      response.writeHead(request.url === '/api/status' ? 200 : 404).end(JSON.stringify(version));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(ownFusionAuth({ url }, environment(), () => undefined)).rejects.toMatchObject({
      exitCode: 4,
      message: 'FusionAuth 1.48.1 is too old to compare: it lacks API keys that expire. Use 1.55 or newer.',
    });
    expect(() => readFileSync(journal())).toThrow('ENOENT');
    server.close();
  });
});

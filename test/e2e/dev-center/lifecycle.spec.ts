import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { Test } from '@nestjs/testing';
import { type Database, openDatabase } from '#gatehouse/database';
import { createLogger, type Environment, type Listening, parseConfig } from '#gatehouse/platform';
import { devCenterSchema } from '../../../apps/dev-center/src/config.js';
import { DevCenterModule, METRICS, SWEEP } from '../../../apps/dev-center/src/dev-center.module.js';
import { isServing } from '../../../apps/dev-center/src/local-rpc/client.js';
import { readAddress } from '../../../apps/dev-center/src/local-rpc/protocol.js';
import { startDevCenter } from '../../../apps/dev-center/src/start-dev-center.js';
import {
  databaseTemplate,
  silentLog,
  temporaryDirectory,
  testDatabase,
} from '../../support/embedded-database.js';
import { startTypeScript } from '../../support/typescript-process.js';

describe('the Dev Center as a Nest application', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let database: Database;
  let taken: Server;

  beforeAll(async () => {
    database = await testDatabase('todo');
    taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
  });
  afterAll(async () => {
    await database.close();
    taken.close();
  });
  beforeEach(async () => {
    directory = await temporaryDirectory();
  });
  afterEach(() => directory.remove());

  const environment = (): Environment => ({
    NODE_ENV: 'test',
    PORT: '0',
    METRICS_PORT: '0',
    DATA_DIR: directory.path,
    // Nothing is asked of it: there is no credential.
    FUSIONAUTH_URL: 'http://127.0.0.1:9',
    FUSIONAUTH_MANAGER_KEY: 'a-key-manager-of-no-fusionauth-at-all',
  });
  const config = (settings: Environment = {}) =>
    parseConfig(devCenterSchema, { ...environment(), ...settings });
  const takenPort = () => (taken.address() as AddressInfo).port;

  it('accepts commands and serves metrics, and closes both by the hooks of its module; the database belongs to its owner', async () => {
    const module = DevCenterModule.forRoot(config(), { database, log: silentLog, metricsPort: 0 });
    const app = await (await Test.createTestingModule({ imports: [module] }).compile()).init();
    const address = readAddress(directory.path)!;
    const { url } = app.get<Listening>(METRICS);
    expect(await isServing(address)).toBe(true);
    expect((await fetch(url)).status).toBe(200);

    await app.close();

    expect(readAddress(directory.path)).toBeUndefined();
    expect(await isServing(address)).toBe(false);
    await expect(fetch(url)).rejects.toThrow();
    expect((await database.pool.query('select 1')).rowCount).toBe(1);
  });

  it('closes the server for commands first, then waits for a sweep in progress', async () => {
    const sweeping = Promise.withResolvers<void>();
    let announcedWhileSweeping: unknown = 'not asked';
    const module = DevCenterModule.forRoot(config(), { database, log: silentLog });
    const testing = Test.createTestingModule({ imports: [module] })
      .overrideProvider(SWEEP)
      .useValue(async () => {
        announcedWhileSweeping = readAddress(directory.path);
        await sweeping.promise;
      });
    const app = await (await testing.compile()).init();

    let closed = false;
    const closing = app.close().then(() => (closed = true));
    await delay(100);
    expect({ closed, announcedWhileSweeping }).toEqual({ closed: false, announcedWhileSweeping: undefined });
    sweeping.resolve();
    await closing;
  });

  it('announces no server for commands if its port or that of the metrics is in use', async () => {
    const started = (settings: Environment, metricsPort?: number) =>
      startDevCenter(config(settings), {
        database,
        log: silentLog,
        ...(metricsPort === undefined ? {} : { metricsPort }),
      });

    await expect(started({}, takenPort())).rejects.toMatchObject({ exitCode: 4 });
    await expect(started({ PORT: String(takenPort()) })).rejects.toMatchObject({ exitCode: 4 });
    expect(readAddress(directory.path)).toBeUndefined();
  });

  it.each([
    ['another port of this machine', 'http://localhost:1', true],
    ['a proxy', 'https://dev.example.com', false],
  ])(
    'warns if log-ins would return to another program: PUBLIC_URL is %s',
    async (_what, PUBLIC_URL, warns) => {
      const lines: string[] = [];
      const log = createLogger('dev-center', 'warn', { write: (line) => void lines.push(line) });
      const center = await startDevCenter(config({ PUBLIC_URL }), { database, log });
      await center.close();
      expect(
        lines.some((line) => line.includes(`PUBLIC_URL, to which log-ins return, is ${PUBLIC_URL}`)),
      ).toBe(warns);
    },
  );

  it('exits at SIGTERM with 143, removes its announcement, and writes only its log to standard output', async () => {
    // Made here, from the cached template: in the process it would take seconds.
    const template = await databaseTemplate();
    await (await openDatabase({ name: 'todo', dataDir: directory.path, log: silentLog, template })).close();
    const main = join(import.meta.dirname, '../../../apps/dev-center/src/main.ts');
    const center = startTypeScript(main, [], { ...environment(), LOG_LEVEL: 'debug' });
    let log = '';
    center.stdout!.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const complaints = text(center.stderr!);
    try {
      while (!log.includes('the Dev Center listens') && center.exitCode === null) await delay(20);
      expect(readAddress(directory.path)).toBeDefined();
      center.kill('SIGTERM');
      expect(await once(center, 'close')).toEqual([143, null]);
    } finally {
      center.kill('SIGKILL');
    }
    const apps = log
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { app: string }).app);
    expect(new Set(apps)).toEqual(new Set(['dev-center']));
    expect(await complaints).toBe('');
    expect(readAddress(directory.path)).toBeUndefined();
  });
});

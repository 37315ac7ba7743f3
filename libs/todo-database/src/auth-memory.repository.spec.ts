import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Database, migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { databaseTemplate, silentLog, temporaryDirectory } from '../../../test/support/embedded-database.js';
import { principalOf } from '../../../test/support/principal.js';
import { AuthMemoryRepository } from './auth-memory.repository.js';
import { LastUsed } from './last-used.js';
import { LastUsedRepository } from './last-used.repository.js';
import { TodoStore } from './todo-store.js';

describe('the guard’s memory in the database', () => {
  let database: Database;
  let store: TodoStore;
  let remove: () => Promise<void>;
  let now = Date.parse('2026-11-22T12:00:00Z');
  const replica = () => new AuthMemoryRepository(store, () => now);

  beforeAll(async () => {
    const directory = await temporaryDirectory();
    remove = () => directory.remove();
    const template = await databaseTemplate();
    database = await openDatabase({ name: 'todo', dataDir: directory.path, log: silentLog, template });
    await migrate(database, migrationsOf('todo'));
    store = new TodoStore(database);
    await store.open();
  });

  afterAll(async () => {
    await store.close();
    await remove();
  });

  it('limits the attempts of two replicas together, concurrent or not', async () => {
    const [one, two] = [replica(), replica()];
    const takes = await Promise.all(
      Array.from({ length: 10 }, (_, index) => (index % 2 ? one : two).takeAttempt('ada', 3, 60)),
    );
    expect(takes.filter((take) => 'taken' in take)).toHaveLength(3);
    now += 20_500;
    await expect(two.takeAttempt('ada', 3, 60)).resolves.toEqual({ waitSeconds: 40 });
    await expect(one.takeAttempt('bruno', 3, 60)).resolves.toHaveProperty('taken');
    now += 39_500;
    await expect(one.takeAttempt('ada', 3, 60)).resolves.toHaveProperty('taken');
  });

  it('gives back exactly the attempt that was not refused', async () => {
    const memory = replica();
    const takes = [];
    for (let count = 0; count < 3; count += 1) takes.push(await memory.takeAttempt('chiyo', 3, 60));
    await memory.giveBack('chiyo', (takes[1] as { taken: string }).taken);
    await expect(memory.takeAttempt('chiyo', 3, 60)).resolves.toHaveProperty('taken');
    await expect(memory.takeAttempt('chiyo', 3, 60)).resolves.toHaveProperty('waitSeconds');
  });

  it('knows a pair for a day after its last success, or until it is forgotten', async () => {
    const memory = replica();
    await memory.rememberPair('pair');
    await expect(memory.isKnownPair('pair')).resolves.toBe(true);
    now += 24 * 3_600_000 - 1;
    await expect(memory.isKnownPair('pair')).resolves.toBe(true);
    now += 1;
    await expect(memory.isKnownPair('pair')).resolves.toBe(false);
    await memory.rememberPair('pair');
    await memory.forgetPair('pair');
    await expect(memory.isKnownPair('pair')).resolves.toBe(false);
  });

  it('has the roles of the client that an API key belongs to, and none for an unknown key', async () => {
    const key = (subject: string) => ({ strategy: 'api-key', subject, state: 'active' as const });
    const credentials = { create: [key('hash'), key('another hash')] };
    await store.prisma.client.create({ data: { name: 'analytics', roles: ['todo-reader'], credentials } });
    await expect(replica().rolesOfApiKey('hash')).resolves.toEqual(['todo-reader']);
    await expect(replica().rolesOfApiKey('stranger')).resolves.toBeUndefined();
  });

  it('has the last use of each credential at any replica, once it is written', async () => {
    const repository = new LastUsedRepository(store);
    const [one, two] = [0, 1].map(() => new LastUsed({ repository, clock: () => now, log: silentLog }));
    const client = await store.prisma.client.create({ data: { name: 'mixed', roles: [] } });
    const issued = (strategy: string) => ({
      ...{ strategy, subject: strategy, clientId: client.id, state: 'active' as const },
    });
    const strategies = ['jwt', 'client-credentials', 'api-key'];
    await store.prisma.credential.createMany({ data: strategies.map(issued) });
    const use = (via: string, kind: 'user' | 'machine', subject: string) =>
      principalOf({ via, kind, subject });

    two!.note(use('jwt', 'user', 'jwt'));
    now += 1_000;
    one!.note(use('jwt', 'user', 'jwt'));
    one!.note(use('jwt', 'machine', 'client-credentials'));
    one!.note(use('jwt', 'user', 'some person'));
    await one!.stop();
    await two!.stop();
    const rows = await store.prisma.credential.findMany({
      where: { clientId: client.id },
      select: { subject: true, lastUsedAt: true },
    });
    expect(
      Object.fromEntries(rows.map(({ subject, lastUsedAt }) => [subject, lastUsedAt?.getTime()])),
    ).toEqual({ jwt: now, 'client-credentials': now, 'api-key': undefined });
  });

  it('writes last uses later if it cannot write them now', async () => {
    const written: unknown[] = [];
    let broken = true;
    const write = (uses: readonly unknown[]) =>
      broken ? Promise.reject(new Error('no database')) : Promise.resolve(void written.push(...uses));
    const lastUsed = new LastUsed({ repository: { write }, clock: () => now, log: silentLog });
    lastUsed.note(principalOf({ via: 'api-key', kind: 'machine' }));
    await lastUsed.write();
    broken = false;
    await lastUsed.write();
    await lastUsed.write();
    expect(written).toEqual([{ strategy: 'api-key', subject: 's', at: now }]);
  });
});

describe('keys that were recorded before there were clients', () => {
  it('become clients with the same roles and the same todos', async () => {
    const directory = await temporaryDirectory();
    const before = join(directory.path, 'migrations');
    for (const name of readdirSync(migrationsOf('todo')).filter((one) => one < '20261123'))
      cpSync(join(migrationsOf('todo'), name), join(before, name), { recursive: true });
    const template = await databaseTemplate();
    const options = { name: 'todo', dataDir: directory.path, log: silentLog, template } as const;
    const database = await openDatabase(options);
    await migrate(database, before);
    await database.pool.query(`
      insert into owners (id, issuer, kind, subject, created_at, updated_at) values
        ('00000000-0000-7000-8000-000000000001', 'i', 'user', 'ada', now(), now()),
        ('00000000-0000-7000-8000-000000000002', 'fusionauth-tenant:t', 'machine', 'own', now(), now());
      insert into credentials (id, strategy, subject, roles, owner_id) values
        ('00000000-0000-7000-8000-00000000000a', 'api-key', 'of ada', '{todo-reader}',
         '00000000-0000-7000-8000-000000000001'),
        ('00000000-0000-7000-8000-00000000000b', 'api-key', 'own', '{todo-auditor}', null)`);
    await migrate(database, migrationsOf('todo'));
    const store = new TodoStore(database);
    await store.open();
    const rows = await store.prisma.credential.findMany({
      select: { subject: true, state: true, client: { select: { name: true, roles: true, ownerId: true } } },
      orderBy: { id: 'asc' },
    });
    expect(rows).toEqual([
      {
        ...{ subject: 'of ada', state: 'active' },
        client: {
          name: 'key-00000000000a',
          roles: ['todo-reader'],
          ownerId: '00000000-0000-7000-8000-000000000001',
        },
      },
      {
        ...{ subject: 'own', state: 'active' },
        client: {
          name: 'key-00000000000b',
          roles: ['todo-auditor'],
          ownerId: '00000000-0000-7000-8000-000000000002',
        },
      },
    ]);
    await store.close();
    await directory.remove();
  });
});

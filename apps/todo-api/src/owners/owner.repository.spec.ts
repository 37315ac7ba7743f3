import { principalOf } from '../../../../test/support/principal.js';
import { type OpenedStore, openTodoStore } from '../../../../test/support/todo-store.js';
import { OwnerRepository } from './owner.repository.js';

const now = new Date('2026-11-22T12:00:00.000Z');
const ada = principalOf({ subject: 'ada' });

describe('the owner in the database', () => {
  let opened: OpenedStore;
  let owners: OwnerRepository;

  beforeAll(async () => {
    opened = await openTodoStore();
    owners = new OwnerRepository(opened.store);
  });
  afterAll(() => opened.store.close());

  it('is one for each issuer, kind and subject', async () => {
    const { id } = await owners.remember(ada, now);
    expect(await owners.remember(ada, now)).toEqual({ id, email: null, timeZone: null });
    for (const other of [{ subject: 'bruno' }, { issuer: 'other' }, { kind: 'machine' as const }])
      expect((await owners.remember({ ...ada, ...other }, now)).id).not.toBe(id);
  });

  it('has the latest verified address and time zone, and keeps them when a principal has none', async () => {
    const first = { email: 'ada@example.com', timeZone: 'Europe/Berlin' };
    expect(await owners.remember({ ...ada, ...first }, now)).toMatchObject(first);
    expect(await owners.remember(ada, now)).toMatchObject(first);
    const changed = { email: 'ada@example.org', timeZone: 'Europe/London' };
    expect(await owners.remember({ ...ada, ...changed }, now)).toMatchObject(changed);
  });

  it('of an issued credential is that of its client, and no other is created', async () => {
    const carl = await owners.remember({ ...ada, subject: 'carl', email: 'carl@example.com' }, now);
    const credentials = { create: { strategy: 'api-key', subject: 'key', state: 'active' as const } };
    await opened.store.prisma.client.create({
      data: { name: 'sync', roles: [], ownerId: carl.id, credentials },
    });
    const before = await opened.store.prisma.owner.count();
    const key = principalOf({ via: 'api-key', kind: 'machine', subject: 'key' });
    expect(await owners.remember(key, now)).toEqual(carl);
    expect(await opened.store.prisma.owner.count()).toBe(before);
  });
});

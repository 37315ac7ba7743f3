import { EventEmitter } from 'node:events';
import { ExitError } from '#gatehouse/platform';
import { withClientLock } from '../../../../apps/dev-center/src/clients/client-lock.js';
import { settle } from '../../../../apps/dev-center/src/lifecycle/settle.js';
import { sweep } from '../../../../apps/dev-center/src/lifecycle/sweep.js';
import { commandNamed } from '../center-world.js';
import { failure, issue, minutes, orphans, passed, plannedIds, roles, stateOf, world } from './ground.js';

describe('two commands on one client', () => {
  it('cannot both rotate: one succeeds, and the other reports a conflict', async () => {
    await issue('wanted-by-two', 'api-key');
    const rotate = () => world.run('rotate', { client: 'wanted-by-two', strategy: 'api-key' });
    const both = await Promise.allSettled([rotate(), rotate()]);
    const lost = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as ExitError] : []));
    expect(lost.map(({ exitCode }) => exitCode)).toEqual([1]);
    expect(lost[0]?.message).toMatch(/Another command is issuing/);
    const again = await failure(rotate());
    expect([again.exitCode, again.message]).toEqual([1, expect.stringMatching(/is already being replaced/)]);
    const { credentials } = await world.run('list', { client: 'wanted-by-two' });
    expect((credentials as { state: string }[]).map(({ state }) => state)).toEqual(['retiring', 'active']);
  });

  it.each([
    ['issue', { strategy: 'api-key', roles }],
    ['rotate', { strategy: 'jwt' }],
    ['revoke', { strategy: 'jwt' }],
    ['end-sessions', {}],
  ])('do not overlap: %s changes nothing while the other hands over a secret', async (command, args) => {
    const client = `overlapped-by-${command}`;
    await issue(client, 'jwt');
    let meanwhile: ExitError | undefined;
    const handOver = async () => void (meanwhile = await failure(world.run(command, { client, ...args })));
    const { credential } = await world.run('issue', { client, strategy: 'email-token' }, handOver);
    expect([meanwhile?.exitCode, meanwhile?.message]).toEqual([
      1,
      expect.stringMatching(/Nothing was changed/),
    ]);
    const { credentials } = await world.run('list', { client });
    expect(credentials).toMatchObject([{ state: 'active' }, { id: credential, state: 'active' }]);
  });

  it('cannot reactivate a credential that one of them has ended', async () => {
    const { credential: id } = await issue('ended-once', 'email-token');
    const { credentials } = world.center;
    const seen = (await credentials.list()).find((one) => one.id === id)!;
    await world.run('revoke', { id });
    const late = credentials.setState('retiring', seen, { actor: 'test', action: 'retire' });
    await expect(late).rejects.toMatchObject({ exitCode: 1 });
    const again = credentials.revoke(seen, { actor: 'test', action: 'revoke' });
    await expect(again).rejects.toMatchObject({ exitCode: 1 });
    const twice = credentials.setState('ended', seen, { actor: 'test', action: 'end' });
    await expect(twice).rejects.toMatchObject({ exitCode: 1 });
    await expect(
      credentials.activate(seen, undefined, { actor: 'test', action: 'issue' }),
    ).rejects.toMatchObject({ exitCode: 1 });
    expect(await stateOf(id)).toBe('ended');
  });

  it('cannot rotate a credential that the other revoked just before', async () => {
    const { credential: id } = await issue('revoked-just-before', 'api-key');
    const { credentials } = world.center;
    let revoked: Promise<unknown> | undefined;
    const list: typeof credentials.list = async (which) => {
      const found = await credentials.list(which);
      await (revoked ??= world.run('revoke', { id }));
      return found;
    };
    const racing = Object.assign(Object.create(credentials) as typeof credentials, { list });
    const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
    const rotated = commandNamed('rotate').execute({ id }, { ...world.center, credentials: racing }, io);
    await expect(rotated).rejects.toMatchObject({ exitCode: 2 });
    expect(await stateOf(id)).toBe('ended');
  });

  it('rotate again as soon as the overlap has ended, even if no sweep has ended it', async () => {
    await issue('overlapped', 'api-key');
    const rotate = () => world.run('rotate', { client: 'overlapped', strategy: 'api-key', overlap: '1h' });
    await rotate();
    passed(minutes(61));
    await rotate();
    const { credentials } = await world.run('list', { client: 'overlapped' });
    expect((credentials as { state: string }[]).map(({ state }) => state)).toEqual(['retiring', 'active']);
  });

  it('activate no credential that the other has revoked, even without the lock', async () => {
    const handOver = async () => {
      const client = await world.center.clients.byName('taken-back');
      await settle(world.center, client!, 'somebody');
    };
    const wanted = { client: 'taken-back', strategy: 'email-token', roles };
    expect(await failure(world.run('issue', wanted, handOver))).toMatchObject({ exitCode: 1 });
    passed(minutes(2));
    await sweep(world.center);
    expect((await world.run('list', { client: 'taken-back' })).credentials).toEqual([]);
    expect(await orphans()).toEqual([]);
  });

  it('do not end the process if the connection with their lock is lost', async () => {
    const query = () => Promise.resolve({ rows: [{ value: true }] });
    const connection = Object.assign(new EventEmitter(), { query, release: () => undefined });
    const pool = { connect: () => Promise.resolve(connection) };
    const database = { kind: 'server', pool } as unknown as Parameters<typeof withClientLock>[0];
    const work = () => Promise.resolve(connection.emit('error', new Error('terminating connection')));
    await expect(withClientLock(database, 'lockless', work)).resolves.toBe(true);
  });
});

describe('a hand-over that fails', () => {
  it('to be recorded is reported with where to check', async () => {
    const handOver = async () => {
      await world.api.database.pool.query(`update credentials set state = 'ended' where state = 'planned'`);
    };
    const wanted = { client: 'unrecorded', strategy: 'email-token', roles };
    expect((await failure(world.run('issue', wanted, handOver))).message).toMatch(
      /The secret was handed over, but .*"npm run credentials -- list"/,
    );
    await world.center.control().users.remove((await plannedIds()).at(-1)!.id);
  });

  it('at the place of the secret revokes the credential', async () => {
    const handOver = () => Promise.reject(new ExitError('no space left', 2));
    const wanted = { client: 'placeless', strategy: 'api-key', roles };
    expect(await failure(world.run('issue', wanted, handOver))).toMatchObject({ message: 'no space left' });
    expect((await world.run('list', { client: 'placeless' })).credentials).toEqual([]);
    expect(await orphans()).toEqual([]);
  });
});

import { EventEmitter } from 'node:events';
import { ExitError } from '#gatehouse/platform';
import { withClientLock } from '../../../../apps/dev-center/src/clients/client-lock.js';
import { settle } from '../../../../apps/dev-center/src/lifecycle/settle.js';
import { sweep } from '../../../../apps/dev-center/src/lifecycle/sweep.js';
import { strategies, type Strategy } from '../center-world.js';
import {
  failure,
  isAtFusionAuth,
  issue,
  minutes,
  newest,
  orphans,
  passed,
  plannedIds,
  roles,
  stateOf,
  status,
  trustMilliseconds,
  world,
} from './ground.js';

describe('trouble', () => {
  const calls: Record<Strategy, readonly string[]> = {
    jwt: [
      'GET /api/application',
      'POST /api/user/registration',
      'GET /.well-known/openid-configuration',
      'GET /oauth2/authorize',
      'POST /oauth2/authorize',
      'POST /oauth2/token',
    ],
    'client-credentials': [
      'GET /api/entity',
      'POST /api/entity',
      'POST /api/entity/grant',
      'POST /oauth2/token',
    ],
    'api-key': ['POST /api/api-key', 'GET /api/group'],
    'email-token': ['POST /api/user/registration'],
  };

  it.each(strategies)(
    'at any call of a rotation by %s leaves the old credential as it was and nothing behind',
    async (strategy) => {
      const client = `troubled-${strategy}`;
      const { credential } = await issue(client, strategy);
      const old = await newest();
      for (const operation of calls[strategy]) {
        // The work is done and the answer lost; and afterwards FusionAuth is away, so nothing can be undone.
        world.sandbox.faults.set(operation, { answer: 'lost' });
        for (const takingBack of ['DELETE /api/user', 'DELETE /api/entity', 'DELETE /api/api-key'])
          world.sandbox.faults.set(takingBack, { status: 503 });
        const { exitCode, message } = await failure(world.run('rotate', { client, strategy }));
        expect([operation, exitCode]).toEqual([operation, 4]);
        expect(message).toMatch(/Nothing was issued|Everything that was active still is/);
        world.sandbox.faults.clear();
      }
      expect(await status(old)).toBe(200);
      expect(await stateOf(credential)).toBe('active');
      passed(minutes(2));
      await sweep(world.center);
      expect(await orphans()).toEqual([]);
      await world.run('rotate', { client, strategy, overlap: '1h' });
      expect([await status(old), await status(await newest())]).toEqual([200, 200]);
    },
  );

  it.each(strategies)('after the hand-over of a rotation by %s is made up for later', async (strategy) => {
    const client = `late-${strategy}`;
    const { credential } = await issue(client, strategy);
    const old = await newest();
    for (const operation of ['PATCH /api/api-key', 'PATCH /api/user', 'PATCH /api/user/registration'])
      world.sandbox.faults.set(operation, { status: 503 });
    await world.run('rotate', { client, strategy, overlap: '10m' });
    world.sandbox.faults.clear();
    await sweep(world.center);
    expect(await stateOf(credential)).toBe('retiring');
    passed(minutes(10));
    await sweep(world.center);
    passed(trustMilliseconds);
    expect([await status(old), await status(await newest())]).toEqual([401, 200]);
  });

  it('with a call that FusionAuth carries out late, after it was undone, leaves nothing behind', async () => {
    world.sandbox.faults.set('POST /api/user/registration', { answer: 'reset' });
    await failure(issue('belated', 'email-token'));
    world.sandbox.faults.clear();
    const { id, credential } = (await plannedIds()).at(-1)!;
    const email = `belated.${id}@clients.gatehouse.invalid`;
    const user = { id, email, password: id, fullName: 'belated', roles: ['todo-reader'] };
    await world.center.control().users.make(user);
    await sweep(world.center);
    expect([await stateOf(credential), await isAtFusionAuth('email-token', id)]).toEqual(['planned', false]);
    passed(minutes(2));
    await sweep(world.center);
    expect(await stateOf(credential)).toBe('ended');
  });

  it('with one credential keeps no other of its client from ending', async () => {
    const { credential: due } = await issue('many', 'api-key', { expires: '10m' });
    await issue('many', 'email-token', { expires: '10m' });
    const { credential: leaked } = await issue('many', 'client-credentials');
    passed(minutes(10));
    world.sandbox.faults.set('DELETE /api/api-key', { status: 400 });
    await world.run('revoke', { client: 'many', strategy: 'client-credentials' });
    await sweep(world.center);
    const { credentials } = await world.run('list', { client: 'many' });
    expect((credentials as { id: string }[]).map(({ id }) => id)).toEqual([due]);
    expect(await stateOf(leaked)).toBe('ended');
  });

  it('in the middle of a revocation says that it is recorded, and it can be run again', async () => {
    const { credential } = await issue('half-revoked', 'api-key');
    const revoke = () => world.run('revoke', { client: 'half-revoked', strategy: 'api-key' });
    world.sandbox.faults.set('DELETE /api/api-key', { status: 503 });
    const { exitCode, message } = await failure(revoke());
    expect([exitCode, message]).toEqual([
      4,
      expect.stringMatching(/is NOT revoked: .* is recorded: run the command again/),
    ]);
    expect(message).not.toMatch(/taken back/);
    world.sandbox.faults.clear();
    await revoke();
    expect(await stateOf(credential)).toBe('ended');
  });

  it('with the records after the hand-over is reported, with where to look', async () => {
    const handOver = async () => {
      await world.api.database.pool.query(`update credentials set state = 'ended' where state = 'planned'`);
    };
    const wanted = { client: 'unrecorded', strategy: 'email-token', roles };
    expect((await failure(world.run('issue', wanted, handOver))).message).toMatch(
      /The secret was handed over, but .*"npm run credentials -- list"/,
    );
    await world.center.control().users.remove((await plannedIds()).at(-1)!.id);
  });

  it('with the connection that holds the lock of a client ends no process', async () => {
    const query = () => Promise.resolve({ rows: [{ value: true }] });
    const connection = Object.assign(new EventEmitter(), { query, release: () => undefined });
    const pool = { connect: () => Promise.resolve(connection) };
    const database = { kind: 'server', pool } as unknown as Parameters<typeof withClientLock>[0];
    const work = () => Promise.resolve(connection.emit('error', new Error('terminating connection')));
    await expect(withClientLock(database, 'lockless', work)).resolves.toBe(true);
  });

  it('of two who are at one credential revives none that has ended', async () => {
    const { credential: id } = await issue('ended-once', 'email-token');
    const { credentials } = world.center;
    const seen = (await credentials.list()).find((one) => one.id === id)!;
    await world.run('revoke', { id });
    const late = credentials.setState('retiring', seen, { actor: 'test', action: 'retire' });
    await expect(late).rejects.toMatchObject({ exitCode: 1 });
    await expect(
      credentials.activate(seen, undefined, { actor: 'test', action: 'issue' }),
    ).rejects.toMatchObject({ exitCode: 1 });
    expect(await stateOf(id)).toBe('ended');
  });

  it('with the lock of a client hands nothing over that somebody else has revoked', async () => {
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

  it('with the place of the secret undoes the issue', async () => {
    const handOver = () => Promise.reject(new ExitError('no space left', 2));
    const wanted = { client: 'placeless', strategy: 'api-key', roles };
    expect(await failure(world.run('issue', wanted, handOver))).toMatchObject({ message: 'no space left' });
    expect((await world.run('list', { client: 'placeless' })).credentials).toEqual([]);
    expect(await orphans()).toEqual([]);
  });

  it('between two simultaneous rotations lets one succeed and reports a conflict to the other', async () => {
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

  it('with the manager key is reported with the answer that refused it', async () => {
    world.sandbox.faults.set('POST /api/api-key', { status: 401 });
    const { exitCode, message } = await failure(issue('keyless', 'api-key'));
    expect(exitCode).toBe(3);
    expect(message).toContain('does not let FUSIONAUTH_MANAGER_KEY do POST /api/api-key');
  });

  it('with the licence is reported by name', async () => {
    world.sandbox.settings.licensed = false;
    const { exitCode, message } = await failure(issue('unlicensed', 'client-credentials'));
    world.sandbox.settings.licensed = true;
    expect([exitCode, message]).toEqual([1, expect.stringContaining('not_licensed')]);
  });
});

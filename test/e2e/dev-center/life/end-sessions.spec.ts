import { credentialFaces } from '../../../../apps/dev-center/src/cli/faces.js';
import { insertCredential } from '../../../support/insert-credential.js';
import { adaId } from '../../sandbox/started-sandbox.js';
import { failure, issue, newest, passed, status, trustMilliseconds, world } from './ground.js';

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const endSessions = (args: object) =>
  world.run('end-sessions', args) as Promise<{
    ended: { userId: string; client: string | null; sessions: number }[];
  }>;
const entriesOf = async (client: string) =>
  (
    await world.api.database.pool.query(
      `select action, credential from credential_audit where client = $1 and action = 'end-sessions'`,
      [client],
    )
  ).rows;

const { show } = credentialFaces['end-sessions']!;

describe('end-sessions', () => {
  it.each([
    [null, 2, /^the-user: 2 sessions have ended\. Every browser .*REVOCATION=push/],
    ['syncer', 1, /^syncer \(the-user\): one session has ended\. .*rotate --client syncer --strategy jwt/],
    [null, 0, /^the-user has no session\. .*works until it expires, unless the user is deactivated/],
  ])('explains the result for client %j with %i sessions', (client, sessions, text) => {
    expect(show({ ended: [{ userId: 'the-user', client, sessions }] })).toMatch(text);
  });

  it.each([
    ['e-mail', 'ada@example.com'],
    ['id', adaId.toUpperCase()],
  ])(
    'ends every session of the person with this %s, nobody else’s, and then finds none',
    async (_what, user) => {
      const [first, second, other] = await Promise.all(
        ['ada', 'ada', 'bruno'].map((name) => world.tokenOf(name)),
      );
      expect((await endSessions({ user })).ended).toEqual([{ userId: adaId, client: null, sessions: 2 }]);
      passed(trustMilliseconds);
      const statuses = [first, second, other].map((token) => status(bearer(token ?? '')));
      expect(await Promise.all(statuses)).toEqual([401, 401, 200]);
      expect((await endSessions({ user })).ended).toEqual([{ userId: adaId, client: null, sessions: 0 }]);
    },
  );

  it('ends those of a client and adds an audit entry; a rotation gives the client another credential', async () => {
    const { credential } = (await issue('ended', 'jwt')) as { credential: string };
    const headers = await newest();
    const { ended } = await endSessions({ client: 'ended' });
    expect(ended).toEqual([{ userId: expect.any(String) as string, client: 'ended', sessions: 1 }]);
    passed(trustMilliseconds);
    expect(await status(headers)).toBe(401);
    await expect(newest()).rejects.toThrow('invalid_grant');
    expect(await entriesOf('ended')).toEqual([{ action: 'end-sessions', credential }]);
    await world.run('rotate', { client: 'ended', strategy: 'jwt' });
    expect(await status(await newest())).toBe(200);
  });

  it('accepts the id of a client’s service user', async () => {
    await issue('ended-by-id', 'jwt');
    const [one] = (await endSessions({ client: 'ended-by-id' })).ended;
    expect((await endSessions({ user: one?.userId })).ended).toEqual([{ ...one, sessions: 0 }]);
    expect(await entriesOf('ended-by-id')).toHaveLength(2);
  });

  it('rejects missing, unknown and ambiguous names, and a client without sessions', async () => {
    await issue('without-sessions', 'api-key');
    const foreign = { name: 'created-elsewhere', roles: ['todo-reader'] };
    const { id: clientId } = await world.center.clients.create(foreign, 'test', new Date());
    const { pool } = world.api.database;
    await insertCredential(pool, { clientId, strategy: 'jwt', subject: 'a-user-of-somebody-else' });
    for (const [args, message] of [
      [{}, /either a user, by e-mail or id, or a client/],
      [{ user: 'ada@example.com', client: 'ended' }, /either a user/],
      [{ user: 'nobody@example.com' }, /has no user with the e-mail nobody@example\.com/],
      [{ user: '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1aff' }, /has no user with the id/],
      [{ user: 'ada' }, /must be the e-mail or the id of a user/],
      [{ client: 'nobody' }, /There is no client nobody/],
      [{ client: 'without-sessions' }, /no credential with sessions: revoke its credentials with .*revoke/],
      [{ client: 'created-elsewhere' }, /no credential with sessions/],
    ] as const) {
      const { exitCode, message: said } = await failure(endSessions(args));
      expect([exitCode, said]).toEqual([2, expect.stringMatching(message)]);
    }
  });

  it.each([
    ['nothing', { status: 503 }],
    ['somebody else', { status: 404 }],
  ])('records no end if FusionAuth’s answer is %s', async (_what, fault) => {
    const token = await world.tokenOf('chiyo');
    world.sandbox.faults.set('DELETE /api/jwt/refresh', fault);
    expect(await failure(endSessions({ user: 'chiyo@example.com' }))).toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('may NOT have ended: run the command again') as string,
    });
    world.sandbox.faults.clear();
    expect(await status(bearer(token))).toBe(200);
    expect((await endSessions({ user: 'chiyo@example.com' })).ended).toMatchObject([{ sessions: 1 }]);
  });
});

import { sweep } from '../../../../apps/dev-center/src/lifecycle/sweep.js';
import { call } from '../../sandbox/started-sandbox.js';
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
  stateOf,
  status,
  trustMilliseconds,
  world,
} from './ground.js';

describe('a failure of FusionAuth', () => {
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
    'at any call of a rotation by %s leaves the old credential unchanged and nothing behind',
    async (strategy) => {
      const client = `troubled-${strategy}`;
      const { credential } = await issue(client, strategy);
      const old = await newest();
      for (const operation of calls[strategy]) {
        // The work is done and the answer lost; afterwards FusionAuth is away, so nothing can be undone.
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
      await world.run('rotate', { client, strategy, overlap: '1h' });
      expect([await status(old), await status(await newest())]).toEqual([200, 200]);
      passed(minutes(2));
      await sweep(world.center);
      expect(await orphans()).toEqual([]);
    },
  );

  it.each(strategies)(
    'after the hand-over of a rotation by %s is made up for by the next sweep',
    async (strategy) => {
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
    },
  );

  it('to learn of an end leaves no doubt which credential is current', async () => {
    const wanted = { client: 'in-no-doubt', strategy: 'api-key' };
    await issue(wanted.client, 'api-key');
    world.sandbox.faults.set('PATCH /api/api-key', { status: 503 });
    await world.run('rotate', wanted);
    world.sandbox.faults.clear();
    expect(await failure(world.run('rotate', wanted))).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('is already being replaced') as string,
    });
  });

  it('whose call takes effect late, after it was undone, leaves nothing behind', async () => {
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

  it('for one credential does not delay the end of another', async () => {
    const { credential: due } = await issue('many', 'api-key', { expires: '10m' });
    await issue('many', 'email-token', { expires: '10m' });
    const { credential: leaked } = await issue('many', 'client-credentials');
    passed(minutes(10));
    world.sandbox.faults.set('DELETE /api/api-key', { status: 400 });
    await world.run('revoke', { client: 'many', strategy: 'client-credentials' });
    const { credentials } = await world.run('list', { client: 'many' });
    expect((credentials as { id: string }[]).map(({ id }) => id)).toEqual([due]);
    expect(await stateOf(leaked)).toBe('ended');
  });

  it.each([
    ['the next sweep', () => sweep(world.center)],
    ['the same command', (revoke: () => Promise<unknown>) => revoke()],
  ])(
    'during a revocation is reported with the revocation recorded, which %s completes',
    async (how, retry) => {
      const client = `half-revoked-by-${how.replaceAll(' ', '-')}`;
      const { credential } = await issue(client, 'api-key');
      const revoke = () => world.run('revoke', { client, strategy: 'api-key' });
      world.sandbox.faults.set('DELETE /api/api-key', { status: 503 });
      const { exitCode, message } = await failure(revoke());
      expect([exitCode, message]).toEqual([
        4,
        expect.stringMatching(/is NOT revoked: .* is recorded: run the command again/),
      ]);
      expect(message).not.toMatch(/taken back/);
      // FusionAuth does not know of its end and accepts it.
      expect(await stateOf(credential)).toBe('overdue');
      world.sandbox.faults.clear();
      await retry(revoke);
      expect(await stateOf(credential)).toBe('ended');
    },
  );

  it('to generate refresh tokens is reported, and nothing is left behind', async () => {
    const { FUSIONAUTH_APPLICATION_ID: id } = world.config;
    const generate = (generateRefreshTokens: boolean) =>
      call(world.sandbox, 'PATCH', `/api/application/${id}`, {
        application: { oauthConfiguration: { generateRefreshTokens } },
      });
    await generate(false);
    const { exitCode, message } = await failure(
      issue('without-refresh', 'jwt').finally(() => generate(true)),
    );
    expect([exitCode, message]).toEqual([
      4,
      expect.stringMatching(
        /no refresh token was issued: the application must generate them.*Nothing was issued/,
      ),
    ]);
    expect(await orphans()).toEqual([]);
  });

  it('to accept the manager key is reported with the refused operation', async () => {
    world.sandbox.faults.set('POST /api/api-key', { status: 401 });
    const { exitCode, message } = await failure(issue('keyless', 'api-key'));
    expect(exitCode).toBe(3);
    expect(message).toContain('does not let FUSIONAUTH_MANAGER_KEY do POST /api/api-key');
  });

  it('to offer entities, for lack of a licence, is reported by name', async () => {
    world.sandbox.settings.licensed = false;
    const { exitCode, message } = await failure(issue('unlicensed', 'client-credentials'));
    world.sandbox.settings.licensed = true;
    expect([exitCode, message]).toEqual([1, expect.stringContaining('not_licensed')]);
  });
});

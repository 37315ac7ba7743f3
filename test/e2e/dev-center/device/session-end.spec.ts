import { decodeJwt } from 'jose';
import { adaId, call } from '../../sandbox/started-sandbox.js';
import { failure } from '../life/failure.js';
import { actionsOn, approved, Holder, passed, stateOf, status, world } from './device-ground.js';

describe('the end of a device session', () => {
  const brunoId = '0a1de9f4-5c3b-4a27-9d18-6b0c7e2f1a02';
  it('is caused by its revocation, which leaves the person’s own session and other devices logged in', async () => {
    const own = await world.tokenOf('ada');
    const [lost, other] = [
      await approved('ada', { client: 'lost' }),
      await approved('ada', { client: 'kept' }),
    ];
    const [first, second] = [Holder.of(lost), Holder.of(other)];
    const { access_token: token } = await first.refresh();
    expect(await status(token)).toBe(200);
    const { sid, sub } = decodeJwt(token);
    const { rows } = await world.api.database.pool.query(
      `select subject, fusionauth_id, person_id from credentials where id = $1`,
      [lost.issued!.credential],
    );
    expect(rows).toEqual([{ subject: sid, fusionauth_id: sid, person_id: adaId }]);
    expect(sub).toBe(adaId);

    await world.run('revoke', { client: 'lost', strategy: 'jwt' });

    passed(6);
    expect(await status(token)).toBe(401);
    expect(await first.refresh()).toMatchObject({ error: 'invalid_grant' });
    expect(await status(own)).toBe(200);
    expect(await status((await second.refresh()).access_token)).toBe(200);
    expect(await stateOf('lost')).toEqual(['ended']);
    expect(await actionsOn('lost')).toEqual(['add-client', 'plan', 'issue', 'revoke', 'end']);
    const person = await call(world.sandbox, 'GET', `/api/user/${adaId}`);
    expect(person).toMatchObject({ status: 200, body: { user: { active: true } } });
  });

  it('is caused by the next approval for its client if --expires has passed', async () => {
    await approved('ada', { client: 'twice-approved', expires: '1h' });
    passed(3_601);
    await approved('ada', { client: 'twice-approved' });
    expect(await stateOf('twice-approved')).toEqual(['ended', 'active']);
  });

  it('is not caused by logging out of the portal', async () => {
    const holder = Holder.of(await approved('ada', { client: 'stays' }));
    const ada = await world.loggedIn('ada');
    const page = await ada.get('/clients/stays');
    expect(page.text).toContain('Refresh token (JWT), by device');
    expect(page.body).not.toContain('/rotate');
    expect((await ada.post('/logout')).status).toBe(303);
    expect(await status((await holder.refresh()).access_token)).toBe(200);
  });

  it('is caused by --expires once the Dev Center has revoked it in FusionAuth', async () => {
    const holder = Holder.of(await approved('ada', { client: 'for-an-hour', expires: '1h' }));
    passed(3_601);
    world.sandbox.faults.set('DELETE /api/jwt/refresh', { status: 503 });
    await failure(world.run('issue', { client: 'for-an-hour', strategy: 'api-key' }));
    const [listed] = (await world.run('list', { client: 'for-an-hour' })).credentials as { state: string }[];
    expect(listed?.state).toBe('overdue');
    world.sandbox.faults.clear();
    await failure(world.run('issue', { client: 'for-an-hour', strategy: 'api-key' }));
    expect((await stateOf('for-an-hour'))[0]).toBe('ended');
    expect(await holder.refresh()).toMatchObject({ error: 'invalid_grant' });
  });

  it('is caused by ending all sessions of its person, which review reports, as it does a deactivated person; end-sessions --client does not end them', async () => {
    const own = await world.tokenOf('bruno');
    await approved('bruno', { client: 'of-bruno' });
    expect(await failure(world.run('end-sessions', { client: 'of-bruno' }))).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(
        /no credential with sessions: revoke its credentials with .*revoke/,
      ) as string,
    });
    expect(await status(own)).toBe(200);
    const reviewed = async () => {
      const { findings } = (await world.run('review', { client: 'of-bruno' })) as {
        findings: { kind: string }[];
      };
      return findings.map(({ kind }) => kind);
    };
    expect(await reviewed()).toEqual([]);
    await call(world.sandbox, 'DELETE', `/api/user/${brunoId}`);
    expect(await reviewed()).toEqual(['gone']);
    await call(world.sandbox, 'PUT', `/api/user/${brunoId}?reactivate=true`);
    expect(await reviewed()).toEqual([]);
    await world.run('end-sessions', { user: 'bruno@example.com' });
    expect(await reviewed()).toEqual(['gone']);
    await world.run('revoke', { client: 'of-bruno', strategy: 'jwt' });
    expect(await stateOf('of-bruno')).toEqual(['ended']);
  });

  it('is not caused by rotate, which is refused; another approval gives a second session, and both work', async () => {
    const first = await approved('ada', { client: 'renewed' });
    const refused = await failure(world.run('rotate', { client: 'renewed', strategy: 'jwt' }));
    expect(refused).toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/issue --client renewed --strategy jwt --device/) as string,
    });
    const second = await approved('ada', { client: 'renewed' });
    for (const one of [first, second])
      expect(await status((await Holder.of(one).refresh()).access_token)).toBe(200);
    await world.run('revoke', { id: first.issued!.credential });
    expect(await Holder.of(first).refresh()).toMatchObject({ error: 'invalid_grant' });
    expect(await stateOf('renewed')).toEqual(['ended', 'active']);
  });
});

describe('the doctor’s checks of a device session', () => {
  interface Check {
    readonly name: string;
    readonly ok?: boolean;
    readonly text?: string;
  }
  const examined = async (file: string) => {
    const { credential } = (await world.run('doctor', { file })) as { credential: Check[] };
    const wrong = credential.filter(({ ok }) => ok === false).map(({ name }) => name);
    return { wrong, text: credential.map(({ text: found }) => found).join('\n') };
  };

  it('name the row of the refresh token and of the access token, and report its revocation', async () => {
    const outcome = await approved('ada', { client: 'examined' });
    const refreshToken = outcome.handOver!.secret.value.reveal();
    const { access_token: token } = await Holder.of(outcome).refresh();
    const row = `${outcome.issued!.credential} of examined (`;
    for (const text of [refreshToken, token]) {
      const { wrong, text: found } = await examined(text);
      expect(wrong).toEqual([]);
      expect(found).toContain(row);
      expect(found).not.toContain(text);
    }

    await world.run('revoke', { client: 'examined', strategy: 'jwt' });

    for (const text of [refreshToken, token]) {
      const { wrong, text: found } = await examined(text);
      expect(wrong).toContain('issued here');
      expect(found).toContain(row);
    }
  });

  it('report that FusionAuth no longer has the session', async () => {
    const { handOver } = await approved('bruno', { client: 'drifted' });
    const refreshToken = handOver!.secret.value.reveal();
    expect((await examined(refreshToken)).wrong).toEqual([]);
    await world.run('end-sessions', { user: 'bruno@example.com' });
    expect(await examined(refreshToken)).toMatchObject({
      wrong: ['FusionAuth'],
      text: expect.stringContaining('no longer exists in FusionAuth') as string,
    });
  });
});

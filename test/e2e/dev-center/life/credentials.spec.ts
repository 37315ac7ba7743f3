import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Secret } from '#gatehouse/platform';
import { credentialFaces } from '../../../../apps/dev-center/src/cli/faces.js';
import { createFusionAuthContext } from '../../../../apps/dev-center/src/context.js';
import { issuers } from '../../../../apps/dev-center/src/issuers/index.js';
import { sweep } from '../../../../apps/dev-center/src/lifecycle/sweep.js';
import { silentLog } from '../../../support/embedded-database.js';
import { insertCredential } from '../../../support/insert-credential.js';
import { strategies, type Strategy } from '../center-world.js';
import {
  ask,
  failure,
  type Headers,
  issue,
  minutes,
  newest,
  now,
  orphans,
  passed,
  roles,
  stateOf,
  status,
  trustMilliseconds,
  world,
} from './ground.js';

describe.each(strategies)('a credential by %s', (strategy) => {
  const client = `by-${strategy}`;

  it('works with the roles and the owner of its client, and so does its successor while both are valid', async () => {
    const first = await issue(client, strategy);
    const old = await newest();
    const owner = async (headers: Headers) =>
      ((await (await ask(headers)).json()) as { owner: unknown }).owner;
    expect(await (await ask(old)).json()).toMatchObject({ roles: roles.split(',') });
    const rotated = await world.run('rotate', { client, strategy, overlap: '30m' });
    expect(rotated.replaces.credential).toBe(first.credential);
    const next = await newest();
    expect(await owner(next)).toEqual(await owner(old));

    passed(minutes(30) - 1);
    expect([await status(old), await status(next)]).toEqual([200, 200]);
    expect(await stateOf(first.credential)).toBe('retiring');
    passed(1);
    await sweep(world.center);
    passed(trustMilliseconds);
    expect([await status(old), await status(next)]).toEqual([401, 200]);
    expect([await stateOf(first.credential), await stateOf(rotated.credential)]).toEqual(['ended', 'active']);
    expect(await orphans()).toEqual([]);
  });

  it('is refused within the cache time after its revocation', async () => {
    await issue(`revoked-${strategy}`, strategy);
    const headers = await newest();
    expect(await status(headers)).toBe(200);
    await world.run('revoke', { client: `revoked-${strategy}`, strategy });
    passed(trustMilliseconds);
    expect(await status(headers)).toBe(401);
  });

  it('expires by itself if an expiry was set', async () => {
    const { expiresAt } = await issue(`ending-${strategy}`, strategy, { expires: '20m' });
    expect(expiresAt).toBe(new Date(now() + minutes(20)).toISOString());
    const headers = await newest();
    passed(minutes(20) - 1);
    expect(await status(headers)).toBe(200);
    passed(1);
    if (!issuers[strategy].endIsEnforced) await sweep(world.center);
    passed(trustMilliseconds);
    expect(await status(headers)).toBe(401);
    await sweep(world.center);
    expect(await orphans()).toEqual([]);
  });
});

describe('issuing another credential', () => {
  it('ends one of the same client that has expired', async () => {
    const { credential } = await issue('of-two', 'client-credentials', { expires: '10m' });
    passed(minutes(10));
    await issue('of-two', 'email-token');
    expect(await stateOf(credential)).toBe('ended');
  });
});

describe('a rotation', () => {
  it('has an overlap of 24 hours by default', async () => {
    await issue('by-default', 'email-token');
    const { replaces } = await world.run('rotate', { client: 'by-default', strategy: 'email-token' });
    expect(replaces.endsAt).toBe(new Date(now() + minutes(24 * 60)).toISOString());
  });

  it('does not wait for the overlap of another strategy', async () => {
    for (const strategy of ['email-token', 'api-key'] as const) {
      await issue('by-two-strategies', strategy);
      await world.run('rotate', { client: 'by-two-strategies', strategy });
    }
    const { credentials } = await world.run('list', { client: 'by-two-strategies' });
    expect((credentials as { state: string }[]).map(({ state }) => state)).toEqual([
      ...['retiring', 'active', 'retiring', 'active'],
    ]);
  });

  it('counts its overlap from the hand-over, even if that takes long', async () => {
    await issue('slow', 'email-token');
    const wanted = { client: 'slow', strategy: 'email-token', overlap: '10m' };
    const { replaces } = await world.run('rotate', wanted, async () => {
      passed(minutes(5));
    });
    expect(Date.parse(replaces.endsAt)).toBe(now() + minutes(10));
  });

  it('of a credential that was not created here reports that it must be revoked by hand, until that is recorded', async () => {
    const strategy = 'email-token';
    const { clients } = world.center;
    const client = await clients.create(
      { name: 'elsewhere', roles: ['todo-reader'] },
      'test',
      new Date(now()),
    );
    await insertCredential(world.api.database.pool, { clientId: client.id, strategy, subject: randomUUID() });
    const rotated = await world.run('rotate', { client: 'elsewhere', strategy, overlap: '10m' });
    const { credential: id } = rotated.replaces;
    expect(credentialFaces['rotate']!.show(rotated as object)).toContain(
      `${id}, was not created here and still works: revoke it in FusionAuth`,
    );
    const shown = async () =>
      ((await world.run('review')).findings as { credential: string; kind: string }[]).flatMap((one) =>
        one.credential === id ? [one.kind] : [],
      );
    expect(await shown()).toEqual(['by-hand']);
    const early = failure(world.run('rotate', { client: 'elsewhere', strategy }));
    expect(await early).toMatchObject({
      exitCode: 1,
      message: expect.stringContaining(`predecessor ${id} is already being replaced`) as string,
    });
    passed(minutes(10));
    await sweep(world.center);
    expect(await shown()).toEqual(['by-hand']);
    await world.run('rotate', { client: 'elsewhere', strategy });
    await world.run('revoke', { id });
    expect(await shown()).toEqual([]);
  });
});

describe('revoke by client and strategy', () => {
  it('revokes the successor of a rotation, and reports that the previous credential still works', async () => {
    const strategy = 'api-key';
    const { credential: old } = await issue('leaked', strategy);
    const rotated = await world.run('rotate', { client: 'leaked', strategy, overlap: '30m' });
    const revoked = await world.run('revoke', { client: 'leaked', strategy });
    expect([await stateOf(rotated.credential), await stateOf(old)]).toEqual(['ended', 'retiring']);
    const shown = credentialFaces['revoke']!.show(revoked as object);
    expect(shown).toContain(`${String(rotated.credential)} of leaked is revoked.`);
    expect(shown).toContain(
      `${String(old)} of leaked by api-key still works until ${rotated.replaces.endsAt}: revoke it by its id if it must end now.`,
    );
    const last = await world.run('revoke', { id: old });
    expect(credentialFaces['revoke']!.show(last as object)).not.toContain('still works');
  });
});

describe('a credential named by the beginning of its id', () => {
  it('must match the other arguments too, and be the only match', async () => {
    const { credential: ended } = await issue('named-first', 'api-key');
    await world.run('revoke', { id: ended });
    const { credential: other } = await issue('named-second', 'api-key');
    const { credential: meant } = await issue('named-third', 'api-key');
    // Ids begin with the time, so those of one minute begin alike.
    const id = String(meant).slice(0, 4);
    expect(await failure(world.run('revoke', { id }))).toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('Several credentials match') as string,
    });
    await world.run('revoke', { id, client: 'named-third' });
    expect([await stateOf(other), await stateOf(meant)]).toEqual(['active', 'ended']);
  });

  it.each(['rotate', 'revoke'])(
    'must be named: %s with a strategy alone changes nothing',
    async (command) => {
      expect(await failure(world.run(command, { strategy: 'api-key' }))).toMatchObject({
        exitCode: 2,
        message: 'Name the credential by its id, or by --client and --strategy.',
      });
    },
  );
});

describe('client credentials', () => {
  it('are not created if FusionAuth has no entity for the Todo API', async () => {
    const changes = { FUSIONAUTH_ENTITY_ID: randomUUID() };
    const center = createFusionAuthContext({ ...world.config, ...changes }, { log: silentLog });
    const plan = center.issuer('client-credentials').plan({ client: { name: 'targetless', roles: [] } });
    await expect(plan.finally(() => center.close())).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('"npm run provision" creates it') as string,
    });
  });
});

describe('an API key', () => {
  it('is not created without the settings that the Todo API needs to recognise it', async () => {
    const client = { name: 'anybody', roles: ['todo-reader'] };
    const planWith = async (changes: object) => {
      const center = createFusionAuthContext({ ...world.config, ...changes }, { log: silentLog });
      return center
        .issuer('api-key')
        .plan({ client })
        .finally(() => center.close());
    };
    const server = { DATABASE_URL: new Secret('postgresql://localhost/todo'), PRINCIPAL_KEY: undefined };
    await expect(planWith(server)).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('PRINCIPAL_KEY is not set') as string,
    });
    await expect(planWith({ FUSIONAUTH_PROBE_GROUP_ID: undefined })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('FUSIONAUTH_PROBE_GROUP_ID is not set') as string,
    });
    const embedded = { DATABASE_URL: undefined, PRINCIPAL_KEY: undefined };
    await expect(planWith({ ...embedded, NODE_ENV: 'production' })).rejects.toMatchObject({ exitCode: 78 });
    expect((await planWith(embedded)).subject).toBeTruthy();
  });

  it('is not issued if the probe group does not exist, which no waiting changes', async () => {
    const probe = { FUSIONAUTH_PROBE_GROUP_ID: randomUUID() };
    const center = createFusionAuthContext({ ...world.config, ...probe }, { log: silentLog });
    const plan = await center
      .issuer('api-key')
      .plan({ client: { name: 'without-a-group', roles: ['todo-reader'] } });
    expect(await failure(plan.make(() => undefined))).toMatchObject({
      exitCode: 78,
      message: expect.stringContaining('"npm run provision" creates it') as string,
    });
    await world.center.control().apiKeys.remove(plan.fusionauthId);
    await center.close();
  });

  it('is not issued if FusionAuth refuses it for ninety seconds', async () => {
    world.sandbox.settings.keyCacheDelaySeconds = 3_600;
    const plan = await world.center
      .issuer('api-key')
      .plan({ client: { name: 'never-accepted', roles: ['todo-reader'] } });
    const later = performance.now() + 91_000;
    const clock = jest.spyOn(performance, 'now');
    const made = plan.make(() => void clock.mockReturnValue(later));
    expect(await failure(made.finally(() => clock.mockRestore()))).toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/still refuses the new key after 90 s\. Nothing was issued/) as string,
    });
    world.sandbox.settings.keyCacheDelaySeconds = 0;
    await world.center.control().apiKeys.remove(plan.fusionauthId);
  });

  it('is handed over only after FusionAuth accepts it, even if FusionAuth’s cache is slow', async () => {
    world.sandbox.settings.keyCacheDelaySeconds = 30;
    world.sandbox.requests.clear();
    const handedOver = world.handedOver.length;
    const issuing = issue('patient', 'api-key');
    while (world.sandbox.requests.count('GET /api/group') < 2) await delay(20);
    expect(world.handedOver).toHaveLength(handedOver);
    passed(30_000);
    await issuing;
    world.sandbox.settings.keyCacheDelaySeconds = 0;
    expect(await status(await newest())).toBe(200);
  });
});

describe('list', () => {
  it('shows which credential a client used last, so that you see when to revoke the old one', async () => {
    await issue('migrating', 'api-key');
    await issue('migrating', 'email-token');
    const use = (strategy: Strategy, at: string) =>
      world.api.database.pool.query(
        `update credentials set last_used_at = $2 where strategy = $1
           and client_id = (select id from clients where name = 'migrating')`,
        [strategy, at],
      );
    const usedLast = async () =>
      (
        (await world.run('list', { client: 'migrating' })).credentials as {
          strategy: string;
          usedLast: boolean;
        }[]
      ).flatMap((one) => (one.usedLast ? [one.strategy] : []));
    expect(await usedLast()).toEqual([]);
    await use('api-key', '2026-11-22T12:00:00Z');
    expect(await usedLast()).toEqual(['api-key']);
    await use('email-token', '2026-11-22T12:00:01Z');
    expect(await usedLast()).toEqual(['email-token']);
  });
});

import { setTimeout as delay } from 'node:timers/promises';
import { ExitError } from '#gatehouse/platform';
import { sweep } from '../../../apps/dev-center/src/life/sweep.js';
import { startCenterWorld, strategies, type CenterWorld, type Strategy } from './center-world.js';

const trustMilliseconds = 5_000;
const minutes = (count: number) => count * 60_000;
const roles = 'todo-reader,todo-writer';

let now = Date.now();
let world: CenterWorld;
beforeAll(async () => {
  world = await startCenterWorld(() => now);
});
afterAll(() => world.close());
afterEach(() => world.sandbox.faults.clear());

type Headers = Record<string, string>;

const ask = (headers: Headers) => fetch(`${world.api.url}/me`, { headers });
const status = async (headers: Headers) => (await ask(headers)).status;
const newest = () => world.headersOf(world.handedOver.at(-1)!);
const issue = (client: string, strategy: Strategy, more: object = {}) =>
  world.run('issue', { client, strategy, roles, ...more });
const stateOf = async (id: string) =>
  ((await world.run('list', { all: true })).credentials as { id: string; state: string }[]).find(
    (one) => one.id === id,
  )?.state;
const failure = async (work: Promise<unknown>): Promise<ExitError> =>
  work.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as ExitError,
  );

/** Whether FusionAuth has anything left of a credential. */
async function isAtFusionAuth(strategy: string, id: string): Promise<boolean> {
  const { users, entities, apiKeys } = world.center.control();
  if (strategy === 'api-key') return (await apiKeys.read(id)) !== undefined;
  if (strategy === 'client-credentials') return (await entities.typeOf(id)) !== undefined;
  return (await users.read(id)) !== undefined;
}

/** The ids at FusionAuth of everything that was ever planned, by credential. */
async function plannedIds(): Promise<{ credential: string; strategy: string; id: string }[]> {
  const { rows } = await world.api.database.pool.query<{
    credential: string;
    details: { strategy: string; fusionauthId: string };
  }>(`select credential, details from credential_audit where action = 'plan'`);
  return rows.map(({ credential, details }) => ({ credential, ...details, id: details.fusionauthId }));
}

async function orphans(): Promise<string[]> {
  const { credentials } = await world.run('list');
  const open = new Set((credentials as { id: string }[]).map(({ id }) => id));
  const planned = await plannedIds();
  const left = await Promise.all(
    planned.map(async ({ credential, strategy, id }) =>
      !open.has(credential) && (await isAtFusionAuth(strategy, id)) ? [`${strategy} ${id}`] : [],
    ),
  );
  return left.flat();
}

describe.each(strategies)('a credential by %s', (strategy) => {
  const client = `by-${strategy}`;

  it('works with the roles and the owner of its client, and so does its successor while both are in force', async () => {
    const first = await issue(client, strategy);
    const old = await newest();
    const owner = async (headers: Headers) =>
      ((await (await ask(headers)).json()) as { owner: unknown }).owner;
    expect(await (await ask(old)).json()).toMatchObject({ roles: roles.split(',') });
    const rotated = await world.run('rotate', { client, strategy, overlap: '30m' });
    expect(rotated.replaces.credential).toBe(first.credential);
    const next = await newest();
    expect(await owner(next)).toEqual(await owner(old));

    now += minutes(30) - 1;
    expect([await status(old), await status(next)]).toEqual([200, 200]);
    expect(await stateOf(first.credential)).toBe('retiring');
    now += 1;
    await sweep(world.center);
    now += trustMilliseconds;
    expect([await status(old), await status(next)]).toEqual([401, 200]);
    expect([await stateOf(first.credential), await stateOf(rotated.credential)]).toEqual(['ended', 'active']);
    expect(await orphans()).toEqual([]);
  });

  it('ends within the trust time once it is revoked', async () => {
    await issue(`revoked-${strategy}`, strategy);
    const headers = await newest();
    expect(await status(headers)).toBe(200);
    await world.run('revoke', { client: `revoked-${strategy}`, strategy });
    now += trustMilliseconds;
    expect(await status(headers)).toBe(401);
  });

  it('ends by itself when it was told to', async () => {
    await issue(`ending-${strategy}`, strategy, { expires: '20m' });
    const headers = await newest();
    now += minutes(20) - 1;
    expect(await status(headers)).toBe(200);
    now += 1;
    await sweep(world.center);
    now += trustMilliseconds;
    expect(await status(headers)).toBe(401);
    expect(await orphans()).toEqual([]);
  });
});

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
        // The work is done and the answer lost; and from then on FusionAuth is away, so nothing can be taken back.
        world.sandbox.faults.set(operation, { answer: 'lost' });
        for (const takingBack of ['DELETE /api/user', 'DELETE /api/entity', 'DELETE /api/api-key'])
          world.sandbox.faults.set(takingBack, { status: 503 });
        const { exitCode, message } = await failure(world.run('rotate', { client, strategy }));
        expect([operation, exitCode]).toEqual([operation, 4]);
        expect(message).toMatch(/Nothing was handed out|What was in force still is/);
        world.sandbox.faults.clear();
      }
      expect(await status(old)).toBe(200);
      expect(await stateOf(credential)).toBe('active');
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
    now += minutes(10);
    await sweep(world.center);
    now += trustMilliseconds;
    expect([await status(old), await status(await newest())]).toEqual([401, 200]);
  });

  it('with the place of the secret undoes the issue', async () => {
    const handOver = () => Promise.reject(new ExitError('no space left', 2));
    const wanted = { client: 'placeless', strategy: 'api-key', roles };
    expect(await failure(world.run('issue', wanted, handOver))).toMatchObject({ message: 'no space left' });
    expect((await world.run('list', { client: 'placeless' })).credentials).toEqual([]);
    expect(await orphans()).toEqual([]);
  });

  it('between two who rotate at once is settled for one of them, and told to the other', async () => {
    await issue('wanted-by-two', 'api-key');
    const rotate = () => world.run('rotate', { client: 'wanted-by-two', strategy: 'api-key' });
    const both = await Promise.allSettled([rotate(), rotate()]);
    const lost = both.flatMap((one) => (one.status === 'rejected' ? [one.reason as ExitError] : []));
    expect(lost.map(({ exitCode }) => exitCode)).toEqual([1]);
    expect(lost[0]?.message).toMatch(/Somebody else is just/);
    const again = await failure(rotate());
    expect([again.exitCode, again.message]).toEqual([1, expect.stringMatching(/is being replaced already/)]);
    const { credentials } = await world.run('list', { client: 'wanted-by-two' });
    expect((credentials as { state: string }[]).map(({ state }) => state)).toEqual(['retiring', 'active']);
  });

  it('with the manager key is told with what it was refused', async () => {
    world.sandbox.faults.set('POST /api/api-key', { status: 401 });
    const { exitCode, message } = await failure(issue('keyless', 'api-key'));
    expect(exitCode).toBe(3);
    expect(message).toContain('does not let FUSIONAUTH_MANAGER_KEY do POST /api/api-key');
  });

  it('with the licence is told by name', async () => {
    world.sandbox.settings.licensed = false;
    const { exitCode, message } = await failure(issue('unlicensed', 'client-credentials'));
    world.sandbox.settings.licensed = true;
    expect([exitCode, message]).toEqual([1, expect.stringContaining('not_licensed')]);
  });
});

describe('an API key', () => {
  it('is handed over only once FusionAuth accepts it, however long its cache knows nothing of it', async () => {
    world.sandbox.settings.keyCacheDelaySeconds = 30;
    world.sandbox.requests.clear();
    const handedOver = world.handedOver.length;
    const issuing = issue('patient', 'api-key');
    while (world.sandbox.requests.count('GET /api/group') < 2) await delay(20);
    expect(world.handedOver).toHaveLength(handedOver);
    now += 30_000;
    await issuing;
    world.sandbox.settings.keyCacheDelaySeconds = 0;
    expect(await status(await newest())).toBe(200);
  });
});

describe('the audit trail', () => {
  const sql = (text: string) => world.api.database.pool.query(text);

  it('says who did what to which credential, never a secret', async () => {
    await issue('audited', 'email-token');
    await world.run('rotate', { client: 'audited', strategy: 'email-token', overlap: '0s' });
    const { rows } = await sql(
      `select actor, action, details from credential_audit where client = 'audited' order by seq`,
    );
    expect(rows.map(({ action }: { action: string }) => action)).toEqual([
      ...['plan', 'issue', 'plan', 'rotate', 'end'],
    ]);
    expect(rows.every(({ actor }: { actor: string }) => actor === 'test')).toBe(true);
    for (const { secret } of world.handedOver)
      expect(JSON.stringify(rows)).not.toContain(secret.value.reveal());
  });

  it.each([
    'update credential_audit set actor = $$nobody$$',
    'delete from credential_audit',
    'truncate credential_audit',
  ])('cannot be changed: %s', async (statement) => {
    await expect(sql(statement)).rejects.toThrow('only ever appended to');
  });

  it('is found changed by whoever gets round that', async () => {
    const before = await world.center.store().audit.verify();
    expect(before.brokenAt).toBeUndefined();
    await sql('alter table credential_audit disable trigger all');
    const mine = 'select seq from credential_audit where client = $$audited$$ order by seq limit 1';
    await sql(`update credential_audit set actor = 'nobody' where seq = (${mine})`);
    const { brokenAt } = await world.center.store().audit.verify();
    const { rows } = await sql(mine);
    expect(brokenAt).toBe((rows[0] as { seq: number }).seq);
    await sql(`update credential_audit set actor = 'test' where seq = (${mine})`);
    await sql(`delete from credential_audit where seq = (${mine})`);
    expect((await world.center.store().audit.verify()).brokenAt).toBe(brokenAt);
  });
});

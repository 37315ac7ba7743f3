import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { ExitError } from '#gatehouse/platform';
import { credentialCommands } from '../../../apps/dev-center/src/commands/index.js';
import { checkCredential } from '../../../apps/dev-center/src/doctor/credential.js';
import { stepOf } from '../../../apps/dev-center/src/doctor/reasons.js';
import { checkSetUp } from '../../../apps/dev-center/src/doctor/set-up.js';
import { sweep } from '../../../apps/dev-center/src/life/sweep.js';
import { tokenMinter } from '../../support/token-minter.js';
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

describe('review', () => {
  const day = 86_400_000;
  const about = async (client: string): Promise<string[]> => {
    const { findings } = await world.run('review');
    return (findings as { client: string; kind: string }[])
      .filter((one) => one.client === client)
      .map(({ kind }) => kind);
  };
  const admin = async (method: string, path: string, body: object) => {
    const answer = await fetch(world.sandbox.url + path, {
      method,
      headers: {
        authorization: world.sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'] ?? '',
        'content-type': 'application/json',
        'x-fusionauth-tenantid': world.config.FUSIONAUTH_TENANT_ID,
      },
      body: JSON.stringify(body),
    });
    expect([path, answer.status]).toEqual([path, 200]);
  };
  const newestId = async () => (await plannedIds()).at(-1)!.id;

  it('tells what nobody uses, and what is about to end', async () => {
    await issue('lasting', 'api-key');
    await issue('ending-soon', 'email-token', { expires: '40d' });
    expect([await about('lasting'), await about('ending-soon')]).toEqual([[], []]);
    const started = now;
    now = started + 26 * day;
    const texts = async () =>
      ((await world.run('review')).findings as { client: string; text: string }[])
        .filter(({ client }) => client === 'ending-soon')
        .map(({ text }) => text);
    expect(await texts()).toEqual(['ends in 14 days (warned of at 14): rotate it']);
    now = started + 39 * day;
    expect(await about('lasting')).toEqual(['stale']);
    expect(await texts()).toContain('ends in 1 day (warned of at 1): rotate it');
    now = started + 41 * day;
    expect(await about('ending-soon')).toContain('overdue');
    await sweep(world.center);
    expect(await about('ending-soon')).toEqual([]);
  });

  it('tells what FusionAuth permits beyond the client, short of it, or not at all any more', async () => {
    const { FUSIONAUTH_APPLICATION_ID: applicationId, FUSIONAUTH_ENTITY_ID: target } = world.config;
    await issue('too-mighty', 'email-token');
    const user = await newestId();
    const registration = (names: string[]) => ({ registration: { applicationId, roles: names } });
    await admin('PUT', `/api/user/registration/${user}`, registration(['todo-reader', 'todo-auditor']));
    expect(await about('too-mighty')).toEqual(['over-privileged', 'drifted']);

    await issue('twins', 'client-credentials');
    await world.run('rotate', { client: 'twins', strategy: 'client-credentials' });
    expect(await about('twins')).toEqual([]);
    const grant = { recipientEntityId: await newestId(), permissions: ['todo-reader'] };
    await admin('POST', `/api/entity/${target}/grant`, { grant });
    expect(await about('twins')).toEqual(['drifted']);

    await issue('key-for-all', 'api-key');
    const key = await newestId();
    const { apiKeys } = world.center.control();
    await apiKeys.remove(key);
    expect(await about('key-for-all')).toEqual(['gone']);
  });

  it('exits 1 while something needs attention', () => {
    const { exitCode } = credentialCommands['review']!;
    expect([exitCode?.({ findings: [{}] }), exitCode?.({ findings: [] })]).toEqual([1, 0]);
    expect(exitCode?.({ findings: [], audit: { entries: 3, head: '', brokenAt: 4 } })).toBe(1);
  });
});

describe('doctor', () => {
  interface Check {
    readonly name: string;
    readonly ok?: boolean;
    readonly text?: string;
  }
  const examine = async (file?: string) =>
    (await world.run('doctor', { file })) as { setUp: Check[]; credential: Check[]; ok: boolean };
  const examineAlone = (credential: string) => checkCredential(world.center, credential);
  const refusedAt = (checks: readonly Check[]) =>
    checks.filter(({ ok }) => ok === false).map(({ name }) => name);

  it('finds nothing wrong with a FusionAuth that is set up right', async () => {
    const { setUp, ok } = await examine();
    expect([ok, setUp.filter((check) => check.ok === true).map(({ name }) => name)]).toEqual([
      true,
      ['issuer', 'clock', 'keys', 'set-up'],
    ]);
  });

  it('finds clocks that differ, a wrong issuer, a missing redirect URI, and says when FusionAuth is away', async () => {
    world.sandbox.clock.advance(120_000);
    expect((await examine()).setUp).toContainEqual({
      ...{ name: 'clock', ok: false },
      text: expect.stringMatching(/1(?:19|20) s ahead of this machine's.*NTP/) as string,
    });
    world.sandbox.clock.reset();
    const changed = (changes: object) =>
      checkSetUp({ ...world.center, config: { ...world.config, ...changes } });
    expect(await changed({ FUSIONAUTH_ISSUER: 'elsewhere', PUBLIC_URL: 'https://dev.example.com' })).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'issuer', ok: false }),
        expect.objectContaining({
          name: 'application',
          text: expect.stringMatching(
            /lacks https:\/\/dev\.example\.com\/callback.*npm run provision/,
          ) as string,
        }),
      ]),
    );
    world.sandbox.faults.set('*', { status: 503 });
    expect((await examine()).setUp).toEqual([expect.objectContaining({ name: 'FusionAuth', ok: false })]);
  });

  it.each(strategies)(
    'tells at which step a credential by %s is refused, and never shows it',
    async (strategy) => {
      const client = `sick-${strategy}`;
      await issue(client, strategy);
      const headers = await newest();
      const [[name, value]] = Object.entries(headers) as [[string, string]];
      const sent = `${name}: ${value}`;
      const healthy = await examine(sent);
      expect([healthy.ok, refusedAt(healthy.credential)]).toEqual([true, []]);
      expect(healthy.credential.at(-1)).toMatchObject({ name: 'accepted', ok: true });

      const broken = await examineAlone(sent.slice(0, -3));
      expect(refusedAt(broken)).toHaveLength(1);
      await world.run('revoke', { client, strategy });
      const ended = await examineAlone(sent);
      expect(refusedAt(ended)).toContain(
        {
          jwt: 'session',
          'client-credentials': 'session',
          'api-key': 'FusionAuth knows it',
          'email-token': 'FusionAuth’s Login API',
        }[strategy],
      );
      expect(JSON.stringify([healthy, broken, ended])).not.toContain(value.split(' ').at(-1));
    },
  );

  it.each([
    ['a token of another issuer', { iss: 'elsewhere' }, 'issuer'],
    ['an expired one', { exp: 1, iat: 0 }, 'times'],
    ['an ID token', { nonce: 'n' }, 'kind'],
    ['one for another application', { aud: 'another' }, 'audience'],
    ['one that was made up', {}, 'key'],
  ])('tells the step for %s', async (_what, claims, step) => {
    const minter = await tokenMinter(() => now);
    expect(refusedAt(await examineAlone(await minter.mint(claims)))).toEqual([step]);
  });

  it('knows every reason for which a token can be refused', () => {
    const source = ['token-expectation', 'local.verifier', 'session.verifier'].map((file) =>
      readFileSync(`libs/auth/src/strategies/jwt/${file}.ts`, 'utf8'),
    );
    const reasons = [...source.join().matchAll(/(?:rejected|forbidden)\('([\w-]+)'/g)].map(
      ([, reason]) => reason!,
    );
    expect(reasons.length).toBeGreaterThan(12);
    expect(reasons.filter((reason) => stepOf('jwt', reason) === undefined)).toEqual([]);
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

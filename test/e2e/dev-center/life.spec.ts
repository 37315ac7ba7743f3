import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ExitError, Secret, Shutdown, type Environment } from '#gatehouse/platform';
import { createCenter } from '../../../apps/dev-center/src/center.js';
import { runWhereTheDatabaseIs } from '../../../apps/dev-center/src/cli/reach.js';
import { oneAtATime } from '../../../apps/dev-center/src/clients/one-at-a-time.js';
import { allCommands, credentialCommands } from '../../../apps/dev-center/src/commands/index.js';
import { checkCredential } from '../../../apps/dev-center/src/doctor/credential.js';
import { stepOf } from '../../../apps/dev-center/src/doctor/reasons.js';
import { checkSetUp } from '../../../apps/dev-center/src/doctor/set-up.js';
import { runThroughDoor } from '../../../apps/dev-center/src/door/door-client.js';
import { announceDoor, readDoor } from '../../../apps/dev-center/src/door/door-file.js';
import { openDoor, urlAt, type Door } from '../../../apps/dev-center/src/door/door-server.js';
import type { HandOver } from '../../../apps/dev-center/src/issuers/issuer.js';
import { adopt } from '../../../apps/dev-center/src/life/adopt.js';
import { settle } from '../../../apps/dev-center/src/life/settle.js';
import { sweep } from '../../../apps/dev-center/src/life/sweep.js';
import { silentLog } from '../../support/embedded-database.js';
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
      now += minutes(2);
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

  it('with a call that FusionAuth does late, after it was taken back, leaves nothing behind', async () => {
    world.sandbox.faults.set('POST /api/user/registration', { answer: 'reset' });
    await failure(issue('belated', 'email-token'));
    world.sandbox.faults.clear();
    const { id, credential } = (await plannedIds()).at(-1)!;
    const email = `belated.${id}@clients.gatehouse.invalid`;
    const user = { id, email, password: id, fullName: 'belated', roles: ['todo-reader'] };
    await world.center.control().users.make(user);
    await sweep(world.center);
    expect([await stateOf(credential), await isAtFusionAuth('email-token', id)]).toEqual(['planned', false]);
    now += minutes(2);
    await sweep(world.center);
    expect(await stateOf(credential)).toBe('ended');
  });

  it('with one credential keeps no other of its client from ending', async () => {
    const { credential: due } = await issue('many', 'api-key', { expires: '10m' });
    await issue('many', 'email-token', { expires: '10m' });
    const { credential: leaked } = await issue('many', 'client-credentials');
    now += minutes(10);
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
      expect.stringMatching(/The end is recorded, but .*run the command again/),
    ]);
    expect(message).not.toMatch(/taken back/);
    world.sandbox.faults.clear();
    await revoke();
    expect(await stateOf(credential)).toBe('ended');
  });

  it('with the records after the hand-over is told, with where to look', async () => {
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
    const query = () => Promise.resolve({ rows: [{ taken: true }] });
    const connection = Object.assign(new EventEmitter(), { query, release: () => undefined });
    const pool = { connect: () => Promise.resolve(connection) };
    const database = { kind: 'server', pool } as unknown as Parameters<typeof oneAtATime>[0];
    const work = () => Promise.resolve(connection.emit('error', new Error('terminating connection')));
    await expect(oneAtATime(database, 'lockless', work)).resolves.toBe(true);
  });

  it('of two who are at one credential revives none that has ended', async () => {
    const { credential: id } = await issue('ended-once', 'email-token');
    const { credentials } = world.center.store();
    const seen = (await credentials.list()).find((one) => one.id === id)!;
    await world.run('revoke', { id });
    const late = credentials.become('retiring', seen, { actor: 'test', action: 'retire' });
    await expect(late).rejects.toMatchObject({ exitCode: 1 });
    await expect(
      credentials.handedOver(seen, undefined, { actor: 'test', action: 'issue' }),
    ).rejects.toMatchObject({ exitCode: 1 });
    expect(await stateOf(id)).toBe('ended');
  });

  it('with the lock of a client hands nothing over that somebody else has taken back', async () => {
    const handOver = async () => {
      const client = await world.center.store().clients.byName('taken-back');
      await settle(world.center, client!, 'somebody');
    };
    const wanted = { client: 'taken-back', strategy: 'email-token', roles };
    expect(await failure(world.run('issue', wanted, handOver))).toMatchObject({ exitCode: 1 });
    now += minutes(2);
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

describe('a rotation', () => {
  it('counts its overlap from the hand-over on, however long that took', async () => {
    await issue('slow', 'email-token');
    const wanted = { client: 'slow', strategy: 'email-token', overlap: '10m' };
    const { replaces } = await world.run('rotate', wanted, async () => {
      now += minutes(5);
    });
    expect(Date.parse(replaces.endsAt)).toBe(now + minutes(10));
  });

  it('of a credential that was not made here tells who has to end the old one, until somebody says so', async () => {
    const owner = { issuer: await world.center.data.readIssuer(), subject: randomUUID() };
    const strategy = 'email-token' as const;
    await adopt(world.center, {
      client: 'adopted',
      roles: ['todo-reader'],
      owner,
      strategy,
      subject: owner.subject,
    });
    const rotated = await world.run('rotate', { client: 'adopted', strategy, overlap: '10m' });
    const { credential: id } = rotated.replaces;
    expect(credentialCommands['rotate']!.show(rotated as object)).toContain(
      `${id}, was not made here and works on: end it in FusionAuth`,
    );
    const shown = async () =>
      ((await world.run('review')).findings as { credential: string; kind: string }[]).flatMap((one) =>
        one.credential === id ? [one.kind] : [],
      );
    expect(await shown()).toEqual(['by-hand']);
    now += minutes(10);
    await sweep(world.center);
    expect(await shown()).toEqual(['by-hand']);
    await world.run('rotate', { client: 'adopted', strategy });
    await world.run('revoke', { id });
    expect(await shown()).toEqual([]);
  });
});

describe('a credential that is named by the beginning of its id', () => {
  it('is the one that is meant in every other way too, and not guessed among several', async () => {
    const { credential: ended } = await issue('named-first', 'api-key');
    await world.run('revoke', { id: ended });
    const { credential: other } = await issue('named-second', 'api-key');
    const { credential: meant } = await issue('named-third', 'api-key');
    // Ids begin with the time, so those of one minute begin alike.
    const id = String(meant).slice(0, 4);
    expect(await failure(world.run('revoke', { id }))).toMatchObject({
      ...{ exitCode: 2, message: expect.stringContaining('Several credentials are meant') as string },
    });
    await world.run('revoke', { id, client: 'named-third' });
    expect([await stateOf(other), await stateOf(meant)]).toEqual(['active', 'ended']);
  });
});

describe('an API key', () => {
  it('is not made without what the Todo API recognises it by', async () => {
    const client = { name: 'anybody', roles: ['todo-reader'] };
    const planWith = async (changes: object) => {
      const center = createCenter({ ...world.config, ...changes }, { log: silentLog });
      return center
        .issuer('api-key')
        .plan({ client })
        .finally(() => center.close());
    };
    const server = { DATABASE_URL: new Secret('postgresql://localhost/todo'), PRINCIPAL_KEY: undefined };
    await expect(planWith(server)).rejects.toMatchObject({
      ...{ exitCode: 78, message: expect.stringContaining('PRINCIPAL_KEY is not set') as string },
    });
    await expect(planWith({ FUSIONAUTH_PROBE_GROUP_ID: undefined })).rejects.toMatchObject({
      ...{ exitCode: 78, message: expect.stringContaining('FUSIONAUTH_PROBE_GROUP_ID is not set') as string },
    });
    const embedded = { DATABASE_URL: undefined, PRINCIPAL_KEY: undefined };
    expect((await planWith(embedded)).subject).toBeTruthy();
  });

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

  it('tells what could not be looked at, and everything else all the same', async () => {
    await issue('hidden-key', 'api-key');
    await issue('of-a-day', 'email-token', { expires: '1d' });
    world.sandbox.faults.set('GET /api/api-key', { status: 503 });
    expect([await about('hidden-key'), await about('of-a-day')]).toEqual([['unseen'], ['expiring']]);
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

  it('judges by the settings that the Todo API has', async () => {
    const minter = await tokenMinter(() => now);
    const token = await minter.mint({});
    const judged = (changes: object, credential: string) =>
      checkCredential({ ...world.center, config: { ...world.config, ...changes } }, credential);
    expect(refusedAt(await judged({ AUTH_STRATEGY: ['api-key'] }, token))).toContain('jwt');
    expect(refusedAt(await judged({ MAX_TOKEN_LIFETIME_SECONDS: 5 }, token))).toEqual(['times']);
    expect(refusedAt(await judged({ API_KEY_FORMAT: 'issued' }, 'k'.repeat(30)))).toEqual(['form']);
    const names = (await judged({ JWT_VALIDATION: 'local' }, token)).map(({ name }) => name);
    expect(names).not.toContain('session');
  });

  it('knows every reason for which a token can be refused', () => {
    const source = ['token-expectation', 'local.verifier', 'introspection.verifier', 'session.verifier'].map(
      (file) => readFileSync(`libs/auth/src/strategies/jwt/${file}.ts`, 'utf8'),
    );
    const reasons = [...source.join().matchAll(/(?:rejected|forbidden)\('([\w-]+)'/g)].map(
      ([, reason]) => reason!,
    );
    expect(reasons.length).toBeGreaterThan(12);
    expect(reasons.filter((reason) => stepOf('jwt', reason) === undefined)).toEqual([]);
  });
});

describe('list', () => {
  it('shows which of its credentials a client used last, so that one sees when the old can go', async () => {
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

describe('the door of the process that has the database', () => {
  let door: Door;
  beforeAll(async () => {
    door = await openDoor({ host: '127.0.0.1', port: 0, center: world.center, commands: allCommands });
  });
  afterAll(() => door.close());

  const wanted = { client: 'behind-the-door', strategy: 'api-key', roles };
  const through = (name: string, args: object, handOver: (one: HandOver) => Promise<void>) =>
    runThroughDoor(door.address, name, args, { actor: 'somebody', tell: () => undefined, handOver });
  const statusOf = async (path: string, headers: Headers) => {
    const { hostname, port } = new URL(door.address.url);
    const request = http.request({ hostname, port, path, method: 'POST', headers });
    request.end();
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
    answer.resume();
    return answer.statusCode;
  };
  const authorization = () => `Bearer ${door.address.token}`;

  it('lets a command run there, and the secret out to whoever asked', async () => {
    const handedOver: HandOver[] = [];
    const result = await through('issue', wanted, async (one) => void handedOver.push(one));
    expect(await status(await world.headersOf(handedOver[0]!))).toBe(200);
    expect(JSON.stringify(result)).not.toContain(handedOver[0]!.secret.value.reveal());
    const { rows } = await world.api.database.pool.query(
      `select actor, action from credential_audit where client = 'behind-the-door' order by seq`,
    );
    expect(rows).toEqual(['add-client', 'plan', 'issue'].map((action) => ({ actor: 'somebody', action })));
  });

  it('passes on what went wrong, with its exit code', async () => {
    const failed = through('rotate', { client: 'nobody', strategy: 'jwt' }, () => Promise.resolve());
    await expect(failed).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('nobody') as string,
    });
  });

  it('undoes what was issued to somebody who cannot put the secret away', async () => {
    const asked = through('issue', { ...wanted, client: 'clumsy' }, () =>
      Promise.reject(new Error('disk full')),
    );
    await expect(asked).rejects.toThrow('disk full');
    expect((await world.run('list', { client: 'clumsy' })).credentials).toEqual([]);
    expect(await orphans()).toEqual([]);
  });

  it('undoes what was issued to somebody who went away before the secret arrived', async () => {
    const client = 'impatient';
    const leaving = new AbortController();
    const answer = await fetch(`${door.address.url}/commands/issue`, {
      method: 'POST',
      headers: { authorization: authorization(), 'content-type': 'application/json' },
      body: JSON.stringify({ actor: 'somebody', args: { ...wanted, client } }),
      signal: leaving.signal,
    });
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream()))
      if (part.includes('handOver')) break;
    leaving.abort();
    while (((await world.run('list', { client })).credentials as object[]).length > 0) await delay(20);
    expect(await orphans()).toEqual([]);
  });

  it('is shut to browsers, to other hosts’ names and to whoever lacks the token', async () => {
    const path = '/commands/list';
    expect(
      await Promise.all([
        statusOf(path, {}),
        statusOf(path, { authorization: 'Bearer guessed' }),
        statusOf(path, { authorization: authorization(), origin: 'http://127.0.0.1:3001' }),
        statusOf(path, { authorization: authorization(), 'sec-fetch-site': 'same-origin' }),
        statusOf(path, { authorization: authorization(), host: 'rebound.example:3001' }),
        statusOf(path, { authorization: authorization() }),
        statusOf('/commands/unknown', { authorization: authorization() }),
      ]),
    ).toEqual([401, 401, 403, 403, 403, 400, 404]);
  });

  it('is found by a file that only its owner can read, and that goes with it', () => {
    const dataDir = world.env['DATA_DIR']!;
    const withdraw = announceDoor(dataDir, door.address);
    expect(statSync(join(dataDir, 'dev-center', 'door.json')).mode & 0o777).toBe(0o600);
    expect(readDoor(dataDir)).toEqual(door.address);
    withdraw();
    expect(readDoor(dataDir)).toBeUndefined();
  });

  it('is not tried when the process that opened it is gone, whoever listens there now', () => {
    const dataDir = world.env['DATA_DIR']!;
    const [pid, , boot] = door.address.process.split('_');
    announceDoor(dataDir, { ...door.address, process: `${pid}_1_${boot}` });
    expect(readDoor(dataDir)).toBeUndefined();
  });

  it.each([
    ['0.0.0.0', 'http://127.0.0.1:3001'],
    ['::', 'http://[::1]:3001'],
    ['127.0.0.1', 'http://127.0.0.1:3001'],
  ])('on %s is announced as %s', (host, url) => {
    expect(urlAt(host, 3_001)).toBe(url);
  });

  it('is for those who mean the FusionAuth behind it, and for no key but its own', async () => {
    const withdraw = announceDoor(world.env['DATA_DIR']!, door.address);
    const nowhere = 'http://127.0.0.1:1';
    const typed = (name: string, environment: Environment) => {
      const config = { ...world.config, DATABASE_URL: undefined, FUSIONAUTH_URL: nowhere };
      const talk = { actor: 'somebody', tell: () => undefined, handOver: () => Promise.resolve() };
      const around = { config, environment, log: silentLog, shutdown: new Shutdown(silentLog) };
      return runWhereTheDatabaseIs(name, allCommands[name]!, {}, talk, around);
    };
    expect(await typed('list', {})).toHaveProperty('credentials');
    expect(await failure(typed('list', { FUSIONAUTH_URL: nowhere }))).toMatchObject({
      ...{ exitCode: 78, message: expect.stringContaining(`works with ${world.sandbox.url}`) as string },
    });
    // What reaches nobody went round the door.
    expect(await typed('provision', {})).toMatchObject({ ok: true });
    for (const own of [{ FUSIONAUTH_URL: nowhere }, { FUSIONAUTH_MANAGER_KEY_FILE: 'key' }])
      expect(await failure(typed('provision', own))).toMatchObject({ exitCode: 4 });
    withdraw();
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
      ...['add-client', 'plan', 'issue', 'plan', 'rotate', 'end'],
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
    await sql(`update credential_audit set previous_hash = '-' || previous_hash where seq = (${mine})`);
    expect((await world.center.store().audit.verify()).brokenAt).toBe(brokenAt);
    await sql(`update credential_audit set previous_hash = substr(previous_hash, 2) where seq = (${mine})`);
    await sql(`insert into credential_audit (seq, at, actor, action, client, credential, details, previous_hash, hash)
      select 0, at, actor, action, client, credential, details, previous_hash, hash from credential_audit where seq = 1`);
    expect((await world.center.store().audit.verify()).brokenAt).toBe(1);
    await sql('delete from credential_audit where seq = 0');
    await sql(`delete from credential_audit where seq = (${mine})`);
    expect((await world.center.store().audit.verify()).brokenAt).toBe(brokenAt);
  });
});

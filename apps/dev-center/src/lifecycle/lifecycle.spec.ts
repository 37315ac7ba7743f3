import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { FusionAuthUnavailable } from '#gatehouse/fusionauth';
import { createLogger, Secret } from '#gatehouse/platform';
import { type CenterGround, centerGround } from '../../../../test/support/dev-center-ground.js';
import { insertCredential } from '../../../../test/support/insert-credential.js';
import { fingerprintOf } from '../clients/audit.repository.js';
import { withClientLock } from '../clients/client-lock.js';
import type { Credential } from '../clients/credential.repository.js';
import type { HandOver, Issuer } from '../issuers/issuer.js';
import { issue } from './issue.js';
import { endTimeOf, settle } from './settle.js';
import { keepSweeping, sweep } from './sweep.js';

const unavailable = () => Promise.reject(new FusionAuthUnavailable('a call', { durationMs: 1 }));
const minute = 60_000;

/** A FusionAuth that records the calls, and behaves as a test configures it. */
class RecordingFusionAuth implements Issuer {
  readonly calls: string[] = [];
  making: () => Promise<unknown> = () => Promise.resolve();
  ending: () => Promise<unknown> = () => Promise.resolve();
  retiring: () => Promise<unknown> = () => Promise.resolve();

  plan() {
    const fusionauthId = randomUUID();
    const value = new Secret(randomUUID());
    const make = async (): Promise<HandOver> => {
      this.calls.push(`make ${fusionauthId}`);
      await this.making();
      return { settings: {}, secret: { name: 'API_KEY', value } };
    };
    return Promise.resolve({ fusionauthId, subject: fusionauthId, make });
  }
  async retire(id: string) {
    this.calls.push(`retire ${id}`);
    await this.retiring();
  }
  async end(id: string) {
    this.calls.push(`end ${id}`);
    await this.ending();
  }
  inspect = () => Promise.resolve([]);
}

let fusionAuth: RecordingFusionAuth;
let ground: CenterGround;
beforeAll(async () => {
  fusionAuth = new RecordingFusionAuth();
  ground = await centerGround(fusionAuth);
});
afterAll(() => ground.close());
beforeEach(() => {
  fusionAuth.calls.length = 0;
  Object.assign(fusionAuth, {
    making: () => Promise.resolve(),
    ending: () => Promise.resolve(),
    retiring: () => Promise.resolve(),
  });
});

let count = 0;
const newClient = () => ground.clientNamed(`client-${(count += 1)}`);
const rowsOf = (clientId: string) => ground.center.credentials.list({ clientId, ended: true });
const actionsOf = async (name: string) => {
  const { rows } = await ground.database.pool.query<{ action: string }>(
    'select action from credential_audit where client = $1 order by seq',
    [name],
  );
  return rows.map(({ action }) => action).slice(1);
};
const io = (deliver: (one: HandOver) => Promise<void> = () => Promise.resolve()) => ({
  actor: 'test',
  deliver,
  report: (text: string) => void reports.push(text),
});
const reports: string[] = [];

async function issued() {
  const client = await newClient();
  await issue(ground.center, { client, strategy: 'api-key' }, io());
  const [credential] = (await rowsOf(client.id)) as [Credential];
  fusionAuth.calls.length = 0;
  return { client, credential };
}

describe('issuing', () => {
  it('stores a row with the id before it calls FusionAuth', async () => {
    const client = await newClient();
    let before: Credential[] = [];
    fusionAuth.making = async () => void (before = await rowsOf(client.id));
    await issue(ground.center, { client, strategy: 'api-key' }, io());
    expect(before).toMatchObject([{ state: 'planned', endsAt: null }]);
    expect(fusionAuth.calls).toEqual([`make ${before[0]?.fusionauthId}`]);
  });

  it('activates a credential only after it was handed over', async () => {
    const client = await newClient();
    let meanwhile: Credential[] = [];
    const handOver = async () => void (meanwhile = await rowsOf(client.id));
    await issue(ground.center, { client, strategy: 'api-key' }, io(handOver));
    expect([meanwhile, await rowsOf(client.id)]).toMatchObject([
      [{ state: 'planned' }],
      [{ state: 'active' }],
    ]);
    expect(await actionsOf(client.name)).toEqual(['plan', 'issue']);
  });

  it('stores a fingerprint of the secret, never the secret', async () => {
    const client = await newClient();
    let secret = '';
    await issue(
      ground.center,
      { client, strategy: 'api-key' },
      io(async (one) => void (secret = one.secret.value.reveal())),
    );
    const { rows } = await ground.database.pool.query('select * from credential_audit');
    expect(JSON.stringify(rows)).not.toContain(secret);
    expect(JSON.stringify(rows)).toContain(fingerprintOf(secret));
    const found = await ground.center.credentials.bySecret(secret);
    expect(found?.client.name).toBe(client.name);
    expect(await ground.center.credentials.bySecret(`${secret} `)).toBeNull();
  });

  it.each([
    [
      'the end of the old one',
      'before update of ends_at on credentials',
      'old.ends_at is null and new.ends_at is not null',
    ],
    ['the entry in the audit trail', 'before insert on credential_audit', "new.action = 'rotate'"],
  ])(
    'activates no new credential if %s cannot be written, because all of it is one transaction',
    async (_what, event, when) => {
      const { client, credential } = await issued();
      await ground.database.pool.query(
        `create function refuse() returns trigger language plpgsql as $$ begin raise 'not written'; end $$;
       create trigger refuse ${event} for each row when (${when}) execute function refuse()`,
      );
      const wanted = { client, strategy: 'api-key', predecessor: { credential, overlapMs: minute } } as const;
      const attempt = issue(ground.center, wanted, io()).catch((error: unknown) => error);
      expect(
        await attempt.finally(() => ground.database.pool.query('drop function refuse cascade')),
      ).toMatchObject({
        message: expect.stringContaining('could not be recorded') as string,
      });

      const rows = await rowsOf(client.id);
      expect(rows.map(({ id, state, endsAt }) => [id === credential.id, state, endsAt])).toEqual(
        expect.arrayContaining([
          [true, 'active', null],
          [false, 'planned', null],
        ]),
      );
      expect(await actionsOf(client.name)).toEqual(['plan', 'issue', 'plan']);
    },
  );

  it('removes a credential that could not be handed over from FusionAuth, and sets no end for its predecessor', async () => {
    const { client, credential } = await issued();
    const wanted = { client, strategy: 'api-key', predecessor: { credential, overlapMs: minute } } as const;
    const clumsy = io(() => Promise.reject(new Error('disk full')));
    await expect(issue(ground.center, wanted, clumsy)).rejects.toThrow('disk full');
    const [old, next] = await rowsOf(client.id);
    expect([old, next]).toMatchObject([{ state: 'active', endsAt: null }, { state: 'ended' }]);
    expect(fusionAuth.calls).toEqual([`make ${next?.fusionauthId}`, `end ${next?.fusionauthId}`]);
  });

  it('leaves a planned row and reports it if a credential can be neither handed over nor removed', async () => {
    const client = await newClient();
    fusionAuth.ending = unavailable;
    reports.length = 0;
    const clumsy = io(() => Promise.reject(new Error('disk full')));
    await expect(issue(ground.center, { client, strategy: 'api-key' }, clumsy)).rejects.toThrow('disk full');
    expect(await rowsOf(client.id)).toMatchObject([{ state: 'planned' }]);
    expect(reports.join()).toMatch(/could not be revoked: it may work until/);
  });

  it('leaves the row planned if FusionAuth did not answer and may still create the credential', async () => {
    const client = await newClient();
    fusionAuth.making = unavailable;
    await expect(issue(ground.center, { client, strategy: 'api-key' }, io())).rejects.toThrow('a call');
    const [plan] = await rowsOf(client.id);
    expect(plan).toMatchObject({ state: 'planned', endsAt: expect.any(Date) as Date });
    expect(fusionAuth.calls).toEqual([`make ${plan?.fusionauthId}`, `end ${plan?.fusionauthId}`]);
  });

  it('activates the new credential and sets the end of the old one in one transaction', async () => {
    const { client, credential } = await issued();
    const sql = (text: string) => ground.database.pool.query(text);
    await sql(`alter table credential_audit add constraint no_rotation check (action <> 'rotate')`);
    const wanted = { client, strategy: 'api-key', predecessor: { credential, overlapMs: minute } } as const;
    await expect(issue(ground.center, wanted, io())).rejects.toMatchObject({
      message: expect.stringContaining('was handed over, but that could not be recorded') as string,
    });
    await sql('alter table credential_audit drop constraint no_rotation');
    expect(await rowsOf(client.id)).toMatchObject([
      { state: 'active', endsAt: null },
      { state: 'planned', endsAt: null },
    ]);
  });

  it('does not activate a credential that was revoked during its hand-over', async () => {
    const client = await newClient();
    const handOver = async () => {
      const [plan] = (await rowsOf(client.id)) as [Credential];
      await ground.center.credentials.revoke(plan, { actor: 'somebody', action: 'revoke' });
    };
    await expect(issue(ground.center, { client, strategy: 'api-key' }, io(handOver))).rejects.toMatchObject({
      exitCode: 1,
    });
    expect(await rowsOf(client.id)).toMatchObject([{ state: 'planned' }]);
  });

  it('leaves the end of an old credential that was revoked during the hand-over unchanged', async () => {
    const { client, credential } = await issued();
    const revokedAt = new Date(ground.center.clock());
    const handOver = () =>
      ground.center.credentials.revoke(credential, { actor: 'somebody', action: 'revoke' });
    const wanted = { client, strategy: 'api-key', predecessor: { credential, overlapMs: minute } } as const;
    await issue(ground.center, wanted, io(handOver));
    expect(await rowsOf(client.id)).toMatchObject([
      { state: 'ended', endsAt: revokedAt },
      { state: 'active', endsAt: null },
    ]);
    expect(fusionAuth.calls.at(-1)).toBe(`end ${credential.fusionauthId}`);
  });

  it('ends with exit code 4 if the database cannot record the hand-over now, because a retry may help', async () => {
    const client = await newClient();
    const sql = (text: string) => ground.database.pool.query(text);
    await sql(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'no space' using errcode = '53100'; end $$;
       create trigger refuse before update of state on credentials for each row execute function refuse()`,
    );
    const attempt = issue(ground.center, { client, strategy: 'api-key' }, io());
    await expect(attempt.finally(() => sql('drop function refuse cascade'))).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('was handed over, but that could not be recorded') as string,
    });
  });

  it('counts the overlap from the hand-over, and sets the end of the old credential in FusionAuth', async () => {
    const { client, credential } = await issued();
    const wanted = {
      client,
      strategy: 'api-key',
      predecessor: { credential, overlapMs: 5 * minute },
    } as const;
    const slow = io(() => Promise.resolve(ground.passed(minute)));
    const { replaces } = await issue(ground.center, wanted, slow);
    const endsAt = new Date(ground.center.clock() + 5 * minute);
    expect(replaces).toEqual({ credential: credential.id, endsAt: endsAt.toISOString(), issuedHere: true });
    expect(fusionAuth.calls.at(-1)).toBe(`retire ${credential.fusionauthId}`);
    expect((await rowsOf(client.id))[0]).toMatchObject({ state: 'retiring', endsAt });
  });
});

describe('settling', () => {
  it('records no end and no announced expiry while FusionAuth does not answer', async () => {
    const { client, credential } = await issued();
    const wanted = { client, strategy: 'api-key', predecessor: { credential, overlapMs: minute } } as const;
    fusionAuth.retiring = unavailable;
    await issue(ground.center, wanted, io());
    expect((await rowsOf(client.id))[0]).toMatchObject({ state: 'active' });
    ground.passed(minute);
    fusionAuth.ending = unavailable;
    await expect(settle(ground.center, client, 'test')).rejects.toBeInstanceOf(FusionAuthUnavailable);
    expect((await rowsOf(client.id))[0]).toMatchObject({ state: 'active' });
    fusionAuth.ending = () => Promise.resolve();
    await settle(ground.center, client, 'test');
    expect((await rowsOf(client.id))[0]).toMatchObject({ state: 'ended' });
  });

  it('removes an unfinished credential at each call for two minutes, because it may still appear, and then marks it as ended', async () => {
    const client = await newClient();
    fusionAuth.making = unavailable;
    await issue(ground.center, { client, strategy: 'api-key' }, io()).catch(() => undefined);
    ground.passed(2 * minute - 1);
    await settle(ground.center, client, 'test');
    expect(await rowsOf(client.id)).toMatchObject([{ state: 'planned' }]);
    ground.passed(1);
    await settle(ground.center, client, 'test');
    expect(await rowsOf(client.id)).toMatchObject([{ state: 'ended' }]);
    expect(fusionAuth.calls.filter((one) => one.startsWith('end'))).toHaveLength(3);
  });

  it('ends no credential before its end', async () => {
    const { client, credential } = await issued();
    const wanted = { client, strategy: 'api-key', predecessor: { credential, overlapMs: minute } } as const;
    await issue(ground.center, wanted, io());
    ground.passed(minute - 1);
    await settle(ground.center, client, 'test');
    expect((await rowsOf(client.id))[0]).toMatchObject({ state: 'retiring' });
    expect(fusionAuth.calls.filter((one) => one.startsWith('end'))).toEqual([]);
    // The end was already announced.
    expect(fusionAuth.calls.filter((one) => one.startsWith('retire'))).toHaveLength(1);
  });

  it('does not end a credential that was not created here', async () => {
    const client = await newClient();
    const { credentials } = ground.center;
    await insertCredential(ground.database.pool, {
      clientId: client.id,
      strategy: 'api-key',
      subject: client.name,
    });
    const [credential] = await credentials.list({ clientId: client.id });
    await credentials.revoke(credential!, { actor: 'test', action: 'revoke' });
    ground.passed(minute);
    await settle(ground.center, client, 'test');
    expect([await rowsOf(client.id), fusionAuth.calls]).toMatchObject([[{ state: 'active' }], []]);
  });

  it('leaves nothing to settle of a replaced credential that was not created here', async () => {
    const client = await newClient();
    const [clientId, strategy] = [client.id, 'api-key'] as const;
    await insertCredential(ground.database.pool, { clientId, strategy, subject: client.name });
    const [credential] = (await rowsOf(client.id)) as [Credential];
    await issue(ground.center, { client, strategy, predecessor: { credential, overlapMs: minute } }, io());
    ground.passed(minute);
    const unsettled = await ground.center.credentials.unsettledClients();
    expect(unsettled.map(({ name }) => name)).not.toContain(client.name);
  });

  it('uses the earlier of two ends', () => {
    const [soon, late] = [new Date(1), new Date(2)];
    expect(endTimeOf({ endsAt: soon, expiresAt: late })).toBe(1);
    expect(endTimeOf({ endsAt: late, expiresAt: soon })).toBe(1);
    expect(endTimeOf({ endsAt: null, expiresAt: null })).toBeUndefined();
  });
});

describe('the sweep', () => {
  const lines: string[] = [];
  const log = createLogger('dev-center', 'info', { write: (line) => void lines.push(line) });
  beforeEach(async () => {
    // Nothing of the tests above is left to settle.
    ground.passed(2 * minute);
    await sweep(ground.center);
    fusionAuth.calls.length = lines.length = 0;
  });
  afterEach(() => void jest.useRealTimers());

  /** A credential whose end has come. */
  async function expired() {
    const { client, credential } = await issued();
    await ground.center.credentials.revoke(credential, { actor: 'test', action: 'revoke' });
    return { client, end: `end ${credential.fusionauthId}`, row: async () => (await rowsOf(client.id))[0] };
  }

  it('removes what a killed command started', async () => {
    const client = await newClient();
    const [fusionauthId, strategy] = [randomUUID(), 'api-key'] as const;
    const planned = { client, strategy, subject: fusionauthId, fusionauthId, expiresAt: null };
    await ground.center.credentials.plan(planned, { actor: 'killed', action: 'plan' });
    await sweep(ground.center);
    expect(fusionAuth.calls).toEqual([`end ${fusionauthId}`]);
  });

  it('leaves a client alone while a command works on it, and logs nothing', async () => {
    const client = await newClient();
    const handOver = () => sweep({ ...ground.center, log });
    await withClientLock(ground.database, client.name, () =>
      issue(ground.center, { client, strategy: 'api-key' }, io(handOver)),
    );
    expect([await rowsOf(client.id), lines]).toMatchObject([[{ state: 'active' }], []]);
  });

  it('settles other clients if FusionAuth fails for one, and logs which', async () => {
    const [first, second] = [await expired(), await expired()];
    fusionAuth.ending = () => (fusionAuth.calls.length === 1 ? unavailable() : Promise.resolve());
    await sweep({ ...ground.center, log });
    expect(fusionAuth.calls).toHaveLength(2);
    const failed = fusionAuth.calls[0] === first.end ? first : second;
    expect(await failed.row()).toMatchObject({ state: 'active' });
    expect(lines).toEqual([expect.stringContaining(`"client":"${failed.client.name}"`)]);
    await sweep(ground.center);
    expect([await first.row(), await second.row()]).toMatchObject([{ state: 'ended' }, { state: 'ended' }]);
  });

  it('logs that the database cannot be read, and does not end the process', async () => {
    const lost = await centerGround(fusionAuth);
    await lost.database.close();
    await sweep({ ...lost.center, log });
    expect(lines).toEqual([expect.stringContaining('could not be read; retrying')]);
    await lost.center.close();
  });

  it('runs every few seconds, one at a time, and completes before it is stopped', async () => {
    const both = [await expired(), await expired()];
    const [reached, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    fusionAuth.ending = () => {
      reached.resolve();
      return answered.promise;
    };
    jest.useFakeTimers({
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'clearTimeout', 'queueMicrotask'],
    });
    const stop = keepSweeping(ground.center);
    await reached.promise;
    jest.advanceTimersByTime(60_000);
    await delay(200);
    expect(fusionAuth.calls).toHaveLength(1);
    answered.resolve();
    await stop();
    expect(await Promise.all(both.map(({ row }) => row()))).toMatchObject([
      { state: 'ended' },
      { state: 'ended' },
    ]);
    const next = await expired();
    jest.advanceTimersByTime(60_000);
    await delay(200);
    expect(await next.row()).toMatchObject({ state: 'active' });
  });
});

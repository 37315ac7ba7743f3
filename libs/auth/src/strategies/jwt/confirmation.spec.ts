import { FusionAuthUnavailable, type SessionRecords } from '#gatehouse/fusionauth';
import { principalOf } from '../../../../../test/support/principal.js';
import { forbidden, rejected } from '../../core/failure.js';
import type { Acceptance, Verdict } from '../../core/strategy.js';
import { byIntrospection, bySession } from './confirmation.js';

const [applicationId, entityId, subject, sid] = ['our-app', 'our-entity', 'ada', 'session-1'];
const now = 1_000_000;

const accepted = (
  kind: 'user' | 'machine',
  roles: string[],
  sessionId: string | undefined = sid,
): Acceptance => ({
  ok: true,
  expiresAt: now + 5_000,
  issued: { at: 900, logInAt: 800 },
  principal: principalOf({ subject, kind, roles, ...(sessionId ? { sessionId } : {}) }),
});

interface Records {
  readonly session: { userId: string; applicationId: string } | undefined;
  readonly user: {
    active: boolean;
    expiry?: number;
    registrations: { applicationId: string; roles: string[] }[];
  };
  readonly locks: { applicationIds: string[] }[];
  readonly entity: { id: string } | undefined;
  readonly grant: { permissions: string[] } | undefined;
}

const good: Records = {
  session: { userId: subject, applicationId },
  user: { active: true, registrations: [{ applicationId, roles: ['todo-reader'] }] },
  locks: [],
  entity: { id: subject },
  grant: { permissions: ['todo-reader'] },
};

function world(changes: Partial<Records> = {}) {
  const asked: string[] = [];
  const has = { ...good, ...changes };
  const answer =
    <K extends keyof Records>(name: K) =>
    (...ids: unknown[]) => {
      asked.push(`${name} ${ids.slice(0, -1).join(' ')}`);
      return Promise.resolve(has[name]);
    };
  const records = {
    session: answer('session'),
    user: answer('user'),
    locks: answer('locks'),
    entity: answer('entity'),
    grant: answer('grant'),
  } as unknown as SessionRecords;
  const settings = { records, applicationId, entityId, clock: () => now };
  const confirm = bySession(settings);
  const signal = AbortSignal.timeout(1_000);
  return {
    asked,
    confirm: (judged = accepted('user', ['stale'])) => confirm('the-token', signal, judged),
  };
}

describe('the session behind a user’s token', () => {
  it('is looked up in FusionAuth’s records, which give the current roles', async () => {
    const { confirm, asked } = world();
    expect(await confirm()).toEqual(accepted('user', ['todo-reader']));
    expect(asked.toSorted()).toEqual(['locks ada', 'session session-1', 'user ada']);
  });

  it.each<[string, Partial<Records>, Verdict]>([
    ['it is gone', { session: undefined }, rejected('session-revoked')],
    ['it is another user’s', { session: { userId: 'eve', applicationId } }, rejected('session-revoked')],
    [
      'it is of another application',
      { session: { userId: subject, applicationId: 'other' } },
      rejected('session-revoked'),
    ],
    ['the user is gone', { user: undefined as never }, rejected('user-inactive')],
    ['the user is deactivated', { user: { ...good.user, active: false } }, rejected('user-inactive')],
    ['the user expired', { user: { ...good.user, expiry: now } }, rejected('user-inactive')],
    ['the user is locked everywhere', { locks: [{ applicationIds: [] }] }, rejected('locked')],
    ['the user is locked here', { locks: [{ applicationIds: ['x', applicationId] }] }, rejected('locked')],
    [
      'the user is not registered any more',
      { user: { active: true, registrations: [{ applicationId: 'other', roles: ['todo-reader'] }] } },
      forbidden('not-registered'),
    ],
  ])('refuses when %s', async (_why, changes, verdict) => {
    expect(await world(changes).confirm()).toEqual(verdict);
  });

  it.each<[string, Partial<Records>]>([
    ['a lock for another application', { locks: [{ applicationIds: ['other'] }] }],
    ['an expiry that is to come', { user: { ...good.user, expiry: now + 1 } }],
  ])('tolerates %s', async (_what, changes) => {
    expect(await world(changes).confirm()).toEqual(accepted('user', ['todo-reader']));
  });

  it('is missing from a token without `sid`, which is refused without a call', async () => {
    const { confirm, asked } = world();
    expect(await confirm(accepted('user', ['stale'], ''))).toEqual(rejected('no-session'));
    expect(asked).toEqual([]);
  });

  it('passes a failure of FusionAuth on, for the layers to judge', async () => {
    const broken = {
      session: () => Promise.reject(new FusionAuthUnavailable('session', { durationMs: 1 })),
      user: () => Promise.resolve(good.user),
      locks: () => Promise.resolve([]),
    } as unknown as SessionRecords;
    const settings = { records: broken, applicationId, clock: () => now };
    const confirm = bySession(settings);
    const question = confirm('the-token', AbortSignal.timeout(1_000), accepted('user', []));
    await expect(question).rejects.toBeInstanceOf(FusionAuthUnavailable);
  });
});

describe('the grant behind a machine’s token', () => {
  const machine = accepted('machine', ['todo-reader', 'todo-writer']);

  it('keeps of the permissions those that are still granted', async () => {
    const { confirm, asked } = world();
    expect(await confirm(machine)).toEqual(accepted('machine', ['todo-reader']));
    expect(asked.toSorted()).toEqual(['entity ada', 'grant our-entity ada']);
  });

  it.each<[string, Partial<Records>]>([
    ['the machine is gone', { entity: undefined }],
    ['the grant is gone', { grant: undefined }],
  ])('refuses when %s', async (_why, changes) => {
    expect(await world(changes).confirm(machine)).toEqual(rejected('grant-revoked'));
  });
});

const unconfirmed = (kind: 'user' | 'machine'): Acceptance => ({
  ok: true,
  principal: principalOf({ kind }),
});

function introspection(active: boolean) {
  const asked: unknown[] = [];
  const confirm = byIntrospection((token, kind) => {
    asked.push([token, kind]);
    return Promise.resolve(active);
  });
  return { asked, confirm: (one: Acceptance) => confirm('the-token', AbortSignal.timeout(1_000), one) };
}

describe('introspection', () => {
  it.each(['user', 'machine'] as const)(
    'asks about a %s’s token, and accepts what is active',
    async (kind) => {
      const { confirm, asked } = introspection(true);
      expect(await confirm(unconfirmed(kind))).toEqual(unconfirmed(kind));
      expect(asked).toEqual([['the-token', kind]]);
    },
  );

  it('refuses what is not active (OA-4)', async () => {
    expect(await introspection(false).confirm(unconfirmed('user'))).toEqual(rejected('inactive'));
  });
});

import { FusionAuthUnavailable, type SessionRecords } from '#gatehouse/fusionauth';
import { forbidden, rejected } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import { sessionVerifier } from './session.verifier.js';

const [applicationId, entityId, subject, sid] = ['our-app', 'our-entity', 'ada', 'session-1'];
const now = 1_000_000;

const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
const tokenWith = (claims: object) => `${segment({ alg: 'RS256' })}.${segment(claims)}.c2ln`;
const token = tokenWith({ sid });

const accepted = (kind: 'user' | 'machine', roles: string[]): Verdict => ({
  ok: true,
  goodUntil: now + 5_000,
  principal: { subject, issuer: 'i', kind, via: 'jwt', roles, credentialId: 'c' },
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

function verifierOf(changes: Partial<Records> = {}, local: Verdict = accepted('user', ['stale'])) {
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
  const verify = sessionVerifier(() => Promise.resolve(local), settings);
  const signal = AbortSignal.timeout(1_000);
  const screened = accepted('user', ['stale']) as Verdict & { ok: true };
  return {
    asked,
    verify: (text = token) => verify(text, signal),
    verifyScreened: () => verify(token, signal, screened),
  };
}

describe('the session behind a user’s token', () => {
  it('is asked for by its own records, and tells the roles of this moment', async () => {
    const { verify, asked } = verifierOf();
    expect(await verify()).toEqual(accepted('user', ['todo-reader']));
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
    expect(await verifierOf(changes).verify()).toEqual(verdict);
  });

  it.each<[string, Partial<Records>]>([
    ['a lock for another application', { locks: [{ applicationIds: ['other'] }] }],
    ['an expiry that is to come', { user: { ...good.user, expiry: now + 1 } }],
  ])('bears with %s', async (_what, changes) => {
    expect(await verifierOf(changes).verify()).toEqual(accepted('user', ['todo-reader']));
  });

  it.each([{}, { sid: 7 }, { sid: null }])(
    'refuses a token without one: %j, and asks nobody',
    async (claims) => {
      const { verify, asked } = verifierOf();
      expect(await verify(tokenWith(claims))).toEqual(rejected('no-session'));
      expect(asked).toEqual([]);
    },
  );

  it('is asked for what the screen found good, which is not judged again', async () => {
    const { verifyScreened, asked } = verifierOf({}, rejected('judged twice'));
    expect(await verifyScreened()).toEqual(accepted('user', ['todo-reader']));
    expect(asked).toHaveLength(3);
  });

  it('is not asked for when the local rule refuses', async () => {
    const { verify, asked } = verifierOf({}, rejected('expired'));
    expect(await verify()).toEqual(rejected('expired'));
    expect(asked).toEqual([]);
  });

  it('passes a failure of FusionAuth on, for the layers to judge', async () => {
    const broken = {
      session: () => Promise.reject(new FusionAuthUnavailable('session', { milliseconds: 1 })),
      user: () => Promise.resolve(good.user),
      locks: () => Promise.resolve([]),
    } as unknown as SessionRecords;
    const settings = { records: broken, applicationId, clock: () => now };
    const verify = sessionVerifier(() => Promise.resolve(accepted('user', [])), settings);
    await expect(verify(token, AbortSignal.timeout(1_000))).rejects.toBeInstanceOf(FusionAuthUnavailable);
  });
});

describe('the grant behind a machine’s token', () => {
  const machine = accepted('machine', ['todo-reader', 'todo-writer']);

  it('keeps of the permissions those that are still granted', async () => {
    const { verify, asked } = verifierOf({}, machine);
    expect(await verify()).toEqual(accepted('machine', ['todo-reader']));
    expect(asked.toSorted()).toEqual(['entity ada', 'grant our-entity ada']);
  });

  it.each<[string, Partial<Records>]>([
    ['the machine is gone', { entity: undefined }],
    ['the grant is gone', { grant: undefined }],
  ])('refuses when %s', async (_why, changes) => {
    expect(await verifierOf(changes, machine).verify()).toEqual(rejected('grant-revoked'));
  });
});

import { randomUUID } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { jest } from '@jest/globals';
import { createLogger } from '#gatehouse/platform';
import type { Principal } from '../core/principal.js';
import { type Revocation, revocationKey, type RevocationTarget } from './revocation.js';
import { RevocationList } from './revocation-list.js';
import { inProcessRevocations, type RevocationMemory } from './revocation-memory.js';

const applicationId = 'our-app';
const keepMs = 3_630_500;
const lines: { level: string; msg: string }[] = [];
const log = createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
beforeEach(() => void (lines.length = 0));

/** Creates a list and the memory that it shares with others, on one clock. */
function world() {
  const state = {
    now: 10_000_000,
    answers: true,
    records: true,
    recorded: [] as Revocation[],
    reads: 0,
    marks: [] as (string | undefined)[],
    isReady: true,
    news: () => {},
    problem: undefined as string | undefined,
    listening: true,
  };
  const clock = () => state.now;
  const shared = inProcessRevocations(clock);
  const memory: RevocationMemory = {
    ...shared,
    isReady: () => state.isReady,
    record(revocations) {
      if (!state.records) return Promise.reject(new Error('read only'));
      state.recorded.push(...revocations);
      return shared.record(revocations);
    },
    read(mark) {
      state.reads += 1;
      state.marks.push(mark);
      return state.answers ? shared.read(mark) : Promise.reject(new Error('down'));
    },
    listen(onNews) {
      state.news = onNews;
      return { problem: () => state.problem, close: () => Promise.resolve(void (state.listening = false)) };
    },
  };
  const list = new RevocationList({ memory, applicationId, keepMs, clock, log });
  const revocation = (target: RevocationTarget, revokedBefore = state.now): Revocation => ({
    key: revocationKey(target),
    revokedBefore,
    keepUntil: revokedBefore + keepMs,
  });
  const refuses = (who: Partial<Principal>, at = state.now / 1000) =>
    list.refuses({ subject: 'nobody', ...who } as Principal, { at, logInAt: at });
  return { state, list, shared, revocation, refuses };
}

const user: RevocationTarget = { kind: 'user', userId: 'u' };

describe('the list of revocations', () => {
  it.each<[RevocationTarget, Partial<Principal>, Partial<Principal>]>([
    [user, { subject: 'u' }, { subject: 'v' }],
    [{ kind: 'registration', userId: 'u', applicationId }, { subject: 'u' }, { subject: 'v' }],
    [{ kind: 'session', sessionId: 's' }, { sessionId: 's' }, { sessionId: 't' }],
  ])('of %j refuses %j, and not %j', async (target, concerned, other) => {
    const { list, revocation, refuses } = world();
    await list.record([revocation(target)]);
    expect([refuses(concerned), refuses(other), refuses({})]).toEqual([true, false, false]);
  });

  it('refuses everybody where the application is revoked', async () => {
    const { list, revocation, refuses } = world();
    await list.record([revocation({ kind: 'application', applicationId })]);
    expect([refuses({}), list.size]).toEqual([true, 1]);
  });

  it('checks a token again once anything was recorded, here or by another replica', async () => {
    const { list, shared, revocation, state } = world();
    await list.start();
    const token = { at: state.now / 1000, logInAt: state.now / 1000 };
    const ended = (subject: string) => list.refuses({ subject } as Principal, token);
    expect([ended('u'), ended('u')]).toEqual([false, false]);
    await list.record([revocation({ kind: 'session', sessionId: 's' })]);
    expect(ended('u')).toBe(false);
    await shared.record([revocation(user)]);
    state.news();
    await new Promise(setImmediate);
    expect([ended('u'), ended('u')]).toEqual([true, true]);
    list.close();
  });

  it('skips what concerns another application, and what it cannot read', async () => {
    const { list, revocation, refuses } = world();
    await list.record([
      revocation({ kind: 'registration', userId: 'u', applicationId: 'other' }),
      revocation({ kind: 'application', applicationId: 'other' }),
      { ...revocation(user), key: 'tenant:u' },
    ]);
    expect([list.size, refuses({ subject: 'u' })]).toEqual([0, false]);
  });

  it('keeps the latest instant of a subject, of its session and of the application, and uses the latest of these', async () => {
    const { list, revocation, refuses, state } = world();
    const earlier = state.now - 60_000;
    await list.record([revocation(user), revocation(user, earlier)]);
    await list.record([revocation({ kind: 'session', sessionId: 's' }, earlier)]);
    await list.record([revocation({ kind: 'application', applicationId }, earlier)]);
    expect(refuses({ subject: 'u', sessionId: 's' })).toBe(true);
    expect(refuses({ subject: 'v', sessionId: 's' })).toBe(false);
    await list.record([revocation({ kind: 'session', sessionId: 's' })]);
    expect(refuses({ subject: 'v', sessionId: 's' })).toBe(true);
    await list.record([revocation({ kind: 'application', applicationId })]);
    expect(refuses({ subject: 'v', sessionId: 't' })).toBe(true);
  });

  it('applies a revocation before it is recorded', async () => {
    const { list, revocation, refuses } = world();
    const recorded = list.record([revocation(user)]);
    expect(refuses({ subject: 'u' })).toBe(true);
    expect(await recorded).toBe(1);
  });

  it('stores 100,000 revocations in well under 40 MB', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const memory = { ...inProcessRevocations(Date.now), record: () => Promise.resolve(0) };
    const list = new RevocationList({ memory, applicationId, keepMs, clock: Date.now, log });
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let count = 0; count < 50_000; count += 1) {
      const now = Date.now() + count / 7;
      const registration = { kind: 'registration', userId: randomUUID(), applicationId } as const;
      const session = { kind: 'session', sessionId: randomUUID() } as const;
      const targets = [registration, session].map(revocationKey);
      await list.record(targets.map((key) => ({ key, revokedBefore: now, keepUntil: now + keepMs })));
    }
    collect();
    const megabytes = (process.memoryUsage().heapUsed - before) / 2 ** 20;
    process.stdout.write(`100,000 revocations: ${megabytes.toFixed(1)} MB\n`);
    expect(list.size).toBe(100_000);
    expect(megabytes).toBeLessThan(30);
  });
});

describe('the list of revocations by schedule', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is loaded at start, and read every second afterwards', async () => {
    const { list, shared, revocation, refuses, state } = world();
    await shared.record([revocation(user)]);
    await list.start();
    expect([refuses({ subject: 'u' }), list.isLoaded]).toEqual([true, true]);
    await shared.record([revocation({ kind: 'user', userId: 'v' })]);
    await jest.advanceTimersByTimeAsync(999);
    expect(refuses({ subject: 'v' })).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect([refuses({ subject: 'v' }), state.reads]).toEqual([true, 2]);
    list.close();
  });

  it('is read on from where the last read ended', async () => {
    const { list, shared, revocation, state } = world();
    await shared.record([revocation(user)]);
    const { mark } = await shared.read();
    await list.start();
    await jest.advanceTimersByTimeAsync(1_000);
    expect(state.marks).toEqual([undefined, mark]);
    list.close();
  });

  it('waits without an attempt until the memory is ready', async () => {
    const { list, state } = world();
    state.isReady = false;
    await list.start();
    expect([list.isLoaded, state.reads]).toEqual([false, 0]);
    state.isReady = true;
    state.news();
    await jest.advanceTimersByTimeAsync(0);
    expect([list.isLoaded, state.reads]).toEqual([true, 1]);
    list.close();
  });

  it('is read immediately on news, and once more on news that arrives meanwhile', async () => {
    const { list, shared, revocation, refuses, state } = world();
    await list.start();
    await shared.record([revocation(user)]);
    state.news();
    for (let time = 0; time < 100; time += 1) state.news();
    await jest.advanceTimersByTimeAsync(1);
    expect([refuses({ subject: 'u' }), state.reads]).toEqual([true, 3]);
    // The next read is due a second after the last, and no other is left from before the news.
    await jest.advanceTimersByTimeAsync(1_500);
    expect(state.reads).toBe(4);
    list.close();
  });

  it('is not loaded while the memory does not answer, and tries again each second', async () => {
    const { list, state } = world();
    state.answers = false;
    await list.start();
    expect(list.readiness()).toEqual({ pending: [expect.stringContaining('not loaded')], degraded: [] });
    expect([list.isLoaded, list.isStale(), list.age()]).toEqual([false, true, undefined]);
    state.answers = true;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.readiness()).toEqual({ pending: [], degraded: [] });
    list.close();
  });

  it('logs when the memory stops answering, and when it answers again, once each', async () => {
    const { list, shared, revocation, state } = world();
    await shared.record([revocation(user)]);
    await list.start();
    expect(lines).toEqual([]);
    for (const answers of [false, true, false]) {
      state.answers = answers;
      await jest.advanceTimersByTimeAsync(3_000);
    }
    const failed = {
      level: 'error',
      err: { message: 'down' },
      msg: expect.stringContaining('cannot be read'),
    };
    expect(lines).toMatchObject([
      failed,
      { level: 'info', revocations: 1, msg: expect.stringContaining('can be read again') },
      failed,
    ]);
    list.close();
  });

  it('that comes in parts is loaded with the last, and continues where one failed', async () => {
    const { shared, revocation, state } = world();
    const parts = ['u', 'v', 'w'].map((userId) => revocation({ kind: 'user', userId }));
    let answers = true;
    const read: RevocationMemory['read'] = (mark = '0') => {
      const at = Number(mark);
      if (at === 1 && !answers) return Promise.reject(new Error('down'));
      return Promise.resolve({ revocations: parts.slice(at, at + 1), mark: `${at + 1}`, more: at < 2 });
    };
    const memory = { ...shared, read };
    const list = new RevocationList({ memory, applicationId, keepMs, clock: () => state.now, log });
    answers = false;
    await list.start();
    expect([list.size, list.isLoaded]).toEqual([1, false]);
    answers = true;
    await jest.advanceTimersByTimeAsync(1_000);
    expect([list.size, list.isLoaded]).toEqual([3, true]);
    list.close();
  });

  it('is stale when it was not read for five seconds, and says so', async () => {
    const { list, state } = world();
    await list.start();
    state.answers = false;
    state.now += 5_000;
    expect([list.isStale(), list.age()]).toEqual([false, 5_000]);
    state.now += 1;
    expect(list.isStale()).toBe(true);
    expect(list.readiness()).toEqual({ pending: [], degraded: [expect.stringContaining('does not answer')] });
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.isStale()).toBe(true);
    state.answers = true;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.isStale()).toBe(false);
    list.close();
  });

  it('says why news may come late', async () => {
    const { list, state } = world();
    await list.start();
    state.problem = 'LISTEN is interrupted';
    expect(list.readiness()).toEqual({ pending: [], degraded: ['LISTEN is interrupted'] });
    expect(list.isStale()).toBe(false);
    list.close();
  });

  it('deletes an entry once it can concern no valid token, and not before', async () => {
    const { list, revocation, state } = world();
    await list.start();
    const made = state.now;
    await list.record([
      revocation(user),
      revocation({ kind: 'session', sessionId: 's' }),
      revocation({ kind: 'application', applicationId }),
      revocation({ kind: 'user', userId: 'later' }, made + 1),
    ]);
    state.now = made + keepMs - 1;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.size).toBe(4);
    state.now = made + keepMs - 1 + 60_000;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.size).toBe(0);
    list.close();
  });

  it('deletes an entry as soon as it can concern no valid token', async () => {
    const { list, revocation, state } = world();
    await list.start();
    const made = state.now;
    await list.record([revocation(user), revocation({ kind: 'application', applicationId })]);
    state.now = made + keepMs;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.size).toBe(0);
    list.close();
  });

  it('is recorded for other replicas as soon as the memory accepts it, although the event is not sent again', async () => {
    const { list, shared, revocation, state } = world();
    await list.start();
    state.records = false;
    await expect(list.record([revocation(user)])).rejects.toThrow('read only');
    await expect(list.record([revocation(user, state.now + 1)])).rejects.toThrow('read only');
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.readiness().degraded).toEqual([expect.stringContaining('unknown to other replicas')]);
    expect(list.isStale()).toBe(false);
    state.records = true;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.readiness().degraded).toEqual([]);
    expect((await shared.read()).revocations).toEqual([revocation(user, state.now + 1)]);
    list.close();
  });

  it('retries only the latest instant of each key, although an outage repeats its events', async () => {
    const { list, revocation, state } = world();
    await list.start();
    state.records = false;
    for (const later of [0, 2, 1])
      await expect(list.record([revocation(user, state.now + later)])).rejects.toThrow('read only');
    await jest.advanceTimersByTimeAsync(1_000);
    state.records = true;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(state.recorded).toEqual([revocation(user, state.now + 2)]);
    list.close();
  });

  it('stops trying to record what can no longer concern a valid token', async () => {
    const { list, revocation, state } = world();
    await list.start();
    state.records = false;
    await expect(list.record([revocation(user)])).rejects.toThrow('read only');
    state.records = true;
    state.now += keepMs;
    await jest.advanceTimersByTimeAsync(1_000);
    expect([list.readiness().degraded, state.recorded]).toEqual([[], []]);
    list.close();
  });

  it('is complete again after a clock that was ahead for a while, and deleted entries too early', async () => {
    const { list, revocation, refuses, state } = world();
    await list.start();
    await list.record([revocation(user)]);
    await jest.advanceTimersByTimeAsync(1_000);
    state.now += 2 * keepMs;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(list.size).toBe(0);
    state.now -= 2 * keepMs;
    await jest.advanceTimersByTimeAsync(1_000);
    expect(refuses({ subject: 'u' })).toBe(true);
    list.close();
  });

  it('ends with close, at the memory too', async () => {
    const { list, state } = world();
    await list.start();
    list.close();
    await jest.advanceTimersByTimeAsync(60_000);
    expect([state.reads, state.listening]).toEqual([1, false]);
  });

  it('ends with close in the middle of a read, whose failure is not logged', async () => {
    const { list, state } = world();
    state.answers = false;
    const started = list.start();
    list.close();
    await started;
    await jest.advanceTimersByTimeAsync(60_000);
    expect([state.reads, lines]).toEqual([1, []]);
  });

  it('can be closed before it is started', () => {
    expect(() => world().list.close()).not.toThrow();
  });
});

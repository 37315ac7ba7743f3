import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import type { FusionAuthData } from '#gatehouse/fusionauth';
import { createLogger } from '#gatehouse/platform';
import { EventLogServer } from '../../../../test/support/event-log-server.js';
import type { Revocation } from './revocation.js';
import { SessionRounds } from './session-rounds.js';

const minute = 60_000;
const keepMs = 60 * minute;
const clockSkewMs = 30_000;
const began = 1_760_000_000_000;
const lines: unknown[] = [];
const write = (line: string) => void lines.push(JSON.parse(line));
const log = createLogger('test', 'info', { write });

let server: EventLogServer;
let fusionAuth: FusionAuthData;
let now: number;
beforeEach(async () => {
  server = new EventLogServer();
  fusionAuth = await server.start();
  now = began;
  lines.length = 0;
});
afterEach(async () => {
  await fusionAuth.close();
  await server.close();
});
const clock = () => now;

function rounds() {
  const recorded: Revocation[] = [];
  const state = { fails: false };
  const record = (revocations: readonly Revocation[]) => {
    if (state.fails) return Promise.reject(new Error('database away'));
    return Promise.resolve(recorded.push(...revocations));
  };
  const made = new SessionRounds({ records: fusionAuth.records, record, keepMs, clockSkewMs, clock, log });
  /** Asks while a session is due, and returns those that were looked up. */
  const round = async () => {
    for (let before = -1; before !== server.askedFor.length;) {
      before = server.askedFor.length;
      await made.ask();
    }
    return server.askedFor.splice(0);
  };
  return { rounds: made, recorded, state, round };
}

const later = began + keepMs;

describe('the round of sessions', () => {
  it('revokes a session that is gone, and stops looking it up', async () => {
    const { rounds: one, recorded, round } = rounds();
    server.sessions.add('alive');
    one.note('alive', later);
    one.note('gone', later);
    expect(await round()).toEqual(['alive', 'gone']);
    // Tokens carry the time of FusionAuth, whose clock may be ahead.
    const revokedBefore = began + clockSkewMs;
    expect(recorded).toEqual([{ key: 'session:gone', revokedBefore, keepUntil: revokedBefore + keepMs }]);
    expect(lines).toMatchObject([
      { event: 'session-gone', sessionId: 'gone', msg: expect.stringContaining('gone') },
    ]);
    now += minute;
    expect(await round()).toEqual(['alive']);
  });

  it('looks up each at most once a minute, the one that waited longest first', async () => {
    const { rounds: one, round } = rounds();
    for (const id of ['a', 'b', 'c']) {
      server.sessions.add(id);
      one.note(id, later);
    }
    expect(await one.ask()).toBe(true);
    now += minute / 2;
    expect(await round()).toEqual(['a', 'b', 'c']);
    now += minute / 2 - 1;
    expect(await one.ask()).toBe(false);
    expect(await round()).toEqual([]);
    now += 1;
    expect(await round()).toEqual(['a']);
    now += minute / 2;
    expect(await round()).toEqual(['b', 'c']);
  });

  it('does not look up a session without a valid token, which a later token prolongs and an earlier one does not shorten', async () => {
    const { rounds: one, round } = rounds();
    for (const id of ['over', 'prolonged', 'kept']) server.sessions.add(id);
    one.note('over', began + 1_000);
    one.note('prolonged', began + 1_000);
    one.note('prolonged', later);
    one.note('kept', later);
    one.note('kept', began + 1_000);
    now += 1_000;
    expect(await round()).toEqual(['prolonged', 'kept']);
  });

  it('forgets the first where there are more than 9,000', async () => {
    const { rounds: one } = rounds();
    for (let n = 1; n <= 9_001; n += 1) one.note(`session-${n}`, later);
    expect(await one.ask()).toBe(true);
    expect(server.askedFor).toEqual(['session-2']);
    one.note('session-3', later);
    await one.ask();
    expect(server.askedFor).toEqual(['session-2', 'session-3']);
  });

  it('does not treat a silent FusionAuth as an answer, and continues with the next session', async () => {
    const { rounds: one, recorded, round } = rounds();
    server.sessions.add('next');
    one.note('gone', later);
    one.note('next', later);
    for (const status of [500, 401]) {
      server.status = status;
      await expect(one.ask()).rejects.toThrow();
      now += minute;
    }
    expect([recorded, server.askedFor.splice(0)]).toEqual([[], ['gone', 'next']]);
    server.status = 200;
    expect(await round()).toEqual(['gone', 'next']);
    expect(recorded).toHaveLength(1);
  });

  it('asks again for a session whose revocation could not be recorded', async () => {
    const { rounds: one, recorded, round, state } = rounds();
    one.note('gone', later);
    state.fails = true;
    await expect(one.ask()).rejects.toThrow('database away');
    server.askedFor.length = 0;
    state.fails = false;
    now += minute;
    expect(await round()).toEqual(['gone']);
    expect(recorded).toHaveLength(1);
  });

  it('is off where our key may not ask', async () => {
    server.status = 401;
    const { rounds: one } = rounds();
    one.note('any', later);
    one.start();
    while (lines.length === 0) await delay(5);
    one.close();
    const msg = expect.stringMatching(/^the round of sessions \(GET \/api\/jwt\/refresh\) is off: /);
    expect(lines).toMatchObject([{ event: 'trouble', msg }]);
  });

  it('asks ten times a second at most', async () => {
    jest.useFakeTimers();
    let asked = 0;
    const session = () => {
      asked += 1;
      return Promise.resolve({ userId: 'ada', applicationId: 'todo' });
    };
    const record = () => Promise.resolve(0);
    const one = new SessionRounds({ records: { session }, record, keepMs, clockSkewMs, clock, log });
    for (let n = 0; n < 100; n += 1) one.note(`session-${n}`, later);
    one.start();
    await jest.advanceTimersByTimeAsync(1_000 - 1);
    one.close();
    await jest.advanceTimersByTimeAsync(1_000);
    jest.useRealTimers();
    expect(asked).toBe(10);
  });
});

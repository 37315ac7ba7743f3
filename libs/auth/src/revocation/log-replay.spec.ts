import { setTimeout as delay } from 'node:timers/promises';
import type { FusionAuthData, WebhookEvent } from '#gatehouse/fusionauth';
import { createLogger } from '#gatehouse/platform';
import { EventLogServer, tenantId } from '../../../../test/support/event-log-server.js';
import { LogReplay } from './log-replay.js';
import { inProcessRevocations } from './revocation-memory.js';

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const minute = 60_000;
const keepMs = 60 * minute;
const began = 1_760_000_000_000;

let server: EventLogServer;
let fusionAuth: FusionAuthData;
let now: number;
beforeEach(async () => {
  server = new EventLogServer();
  fusionAuth = await server.start();
  now = began;
});
afterEach(async () => {
  await fusionAuth.close();
  await server.close();
});
const clock = () => now;

/** Returns an event that FusionAuth sent `msAgo` milliseconds before the beginning. */
const made = (n: number, msAgo: number, type = 'user.delete') => ({
  event: {
    ...{ id: uuid(n), type, createInstant: began - msAgo, tenantId },
    ...{ user: { id: uuid(n) }, userId: uuid(n), applicationId: uuid(0) },
    ...{ actioneeUserId: uuid(n), actionId: uuid(0), phase: 'start' },
  },
});

/** Starts a replica; returns it with what it applied and logged. */
function replica(memory = inProcessRevocations(clock)) {
  const applied: WebhookEvent[] = [];
  const lines: string[] = [];
  const fields: unknown[] = [];
  const write = (line: string) => {
    const written = JSON.parse(line) as { msg: string };
    fields.push(written);
    lines.push(written.msg);
  };
  const log = createLogger('test', 'info', { write });
  const state = { apply: (_event: WebhookEvent): Promise<unknown> => Promise.resolve() };
  const apply = async (event: WebhookEvent) => {
    await state.apply(event);
    applied.push(event);
  };
  const { webhookLog } = fusionAuth;
  const replay = new LogReplay({ webhookLog, memory, apply, keepMs, clock, log });
  const ids = () => applied.splice(0).map((event) => ('id' in event ? Number(event.id.slice(-4)) : 0));
  return { replay, memory, ids, lines, fields, state };
}

describe('the replay of FusionAuth’s log', () => {
  it('begins with all events that may concern a valid token, of every type that revokes one', async () => {
    const types = ['user.deactivate', 'user.delete', 'user.action', 'user.registration.delete'];
    const all = ['jwt.refresh-token.revoke', ...types, 'user.registration.update'];
    server.events = [
      made(1, keepMs + 1),
      ...all.map((type, at) => made(at + 2, keepMs - at, type)),
      made(9, 1, 'user.login.success'),
      made(10, 1, 'jwt.public-key.update'),
    ];
    const { replay, ids } = replica();
    expect(await replay.turn()).toBe(true);
    expect(ids()).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('continues a minute before the beginning of the last, because an event is stored after it was sent', async () => {
    const { replay, ids, state } = replica();
    server.events = [made(1, 1)];
    // More events occur while the earlier ones are applied.
    state.apply = () => Promise.resolve((now += 10_000));
    await replay.turn();
    server.events = [made(2, minute + 1), made(3, minute), made(4, -5_000)];
    now = began + 15_000;
    ids();
    await replay.turn();
    expect(ids()).toEqual([3, 4]);
  });

  it('skips events that concern no valid token after a long pause', async () => {
    const { replay, ids } = replica();
    await replay.turn();
    now = began + 2 * keepMs;
    server.events = [made(1, -keepMs + 1), made(2, -keepMs)];
    await replay.turn();
    expect(ids()).toEqual([2]);
  });

  it('is done by one replica every 15 seconds, and all know how far it got', async () => {
    const first = replica();
    const second = replica(first.memory);
    await first.replay.turn();
    server.searches.length = 0;
    now += 14_999;
    await second.replay.turn();
    expect([server.searches.length, second.replay.age()]).toEqual([0, 14_999]);
    now += 1;
    await second.replay.turn();
    expect(server.searches.length).toBeGreaterThan(0);
    await first.replay.turn();
    expect([first.replay.age(), second.replay.age()]).toEqual([0, 0]);
  });

  it('is not delayed by a clock that was ahead at the last replay', async () => {
    const { replay, memory, ids } = replica();
    await memory.endTurn('webhook-log', began + 60 * minute);
    await replay.turn();
    expect(replay.age()).toBe(0);
    now += 15_000;
    server.events = [made(1, 45_001), made(2, 45_000)];
    await replay.turn();
    expect(ids()).toEqual([2]);
  });

  it('that is another replica’s turn says nothing about our key, and makes no replica late', async () => {
    server.status = 401;
    const first = replica();
    const second = replica(first.memory);
    await expect(first.replay.turn()).rejects.toThrow();
    now += 10 * minute;
    second.replay.start();
    while (second.lines.length === 0) await delay(5);
    second.replay.close();
    expect(second.replay.age()).toBeUndefined();
    expect(await second.replay.turn()).toBe(false);
  });

  it('is done again from the same instant where an event could not be recorded, or FusionAuth fell silent', async () => {
    const { replay, ids, state } = replica();
    server.events = [made(1, 30 * minute)];
    state.apply = () => Promise.reject(new Error('database away'));
    await expect(replay.turn()).rejects.toThrow('database away');
    state.apply = () => Promise.resolve();
    now += 15_000;
    server.status = 500;
    await expect(replay.turn()).rejects.toThrow('unexpected answer 500');
    expect(replay.age()).toBe(15_000);
    server.status = 200;
    now += 15_000;
    await replay.turn();
    expect([ids(), replay.age()]).toEqual([[1], 0]);
  });

  it('skips an event that cannot be read, and says so once', async () => {
    server.events = [{ event: { type: 'user.delete', createInstant: began } }, made(2, -1), made(3, -2)];
    const { replay, ids, lines, fields } = replica();
    await replay.turn();
    expect(fields).toMatchObject([{ event: 'trouble', type: 'user.delete' }]);
    expect([ids(), lines]).toEqual([[2, 3], ['an event in FusionAuth’s log cannot be read, and is skipped']]);
    now += 15_000;
    await replay.turn();
    expect([ids(), lines]).toEqual([[2, 3], [expect.anything()]]);
  });

  it('is as old as its replica until it was done once', () => {
    const { replay } = replica();
    now += 7_000;
    expect(replay.age()).toBe(7_000);
  });

  it('has no age where our key may not read the log', async () => {
    server.status = 401;
    const { replay, lines } = replica();
    replay.start();
    while (lines.length === 0) await delay(5);
    replay.close();
    expect([replay.age(), lines]).toEqual([
      undefined,
      [
        expect.stringMatching(
          /^the replay of .*webhook-event-log.* is off: FUSIONAUTH_API_KEY is not set, or does not permit it$/,
        ),
      ],
    ]);
  });

  it('does not count as done where it was closed in the middle', async () => {
    const { replay, memory, ids, state } = replica();
    server.events = [made(1, 2), made(2, 1)];
    state.apply = () => Promise.resolve(replay.close());
    await replay.turn();
    now += 15_000;
    expect([ids(), await memory.takeTurn('webhook-log', 15_000)]).toEqual([
      [1],
      { mine: true, doneUntil: undefined },
    ]);
  });
});

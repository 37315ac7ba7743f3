import { setTimeout as delay } from 'node:timers/promises';
import type { Database } from '#gatehouse/database';
import { testDatabase } from '../../../../test/support/embedded-database.js';
import { PlanningRepository } from '../ledger/planning.repository.js';
import { TickRepository } from './tick.repository.js';

const minute = 60_000;
const start = Date.parse('2026-11-22T10:00:00Z');

describe('a tick of the schedule', () => {
  let database: Database;

  beforeAll(async () => (database = await testDatabase('reminder')));
  afterAll(() => database.close());
  beforeEach(() => database.pool.query('truncate progress'));

  const tick = new Date(start);
  const next = new Date(start + 5 * minute);
  const worker = (alone = false) => new TickRepository(database.pool, alone);
  const expireLease = () =>
    database.pool.query("update progress set tick_lease_until = now() - interval '1 second'");

  it('is done by one worker per tick, and is over when that worker says so', async () => {
    const [one, other] = [worker(), worker()];

    expect(await one.take(tick)).toBe('mine');
    expect(await other.take(tick)).toBe('theirs');
    await one.finish();

    expect([await one.take(tick), await other.take(tick)]).toEqual(['done', 'done']);
    expect(await other.take(next)).toBe('mine');
    expect(await one.take(tick)).toBe('done');
  });

  it('is reassigned when a worker stops renewing its lease, not before', async () => {
    const [one, other] = [worker(), worker()];
    await one.take(tick);
    await expireLease();
    await one.renew();
    expect(await other.take(tick)).toBe('theirs');

    await expireLease();

    expect(await other.take(tick)).toBe('mine');
    await one.finish();
    expect(await worker().take(tick)).toBe('theirs');
  });

  it('is not blocked by a worker whose clock is ahead', async () => {
    const [one, ahead] = [worker(), worker()];
    const future = new Date(Date.now() + 60 * minute);
    expect(await ahead.take(future)).toBe('mine');
    await ahead.finish();
    expect(await worker().take(future)).toBe('done');

    expect(await one.take(tick)).toBe('mine');
    await one.finish();
    expect(await worker().take(tick)).toBe('done');
  });

  it('is retried by any worker after the pause that a failure requests', async () => {
    const [one, other] = [worker(), worker()];
    await one.take(tick);
    await one.postpone(60);
    expect([await one.take(tick), await other.take(tick)]).toEqual(['theirs', 'theirs']);

    await expireLease();

    expect(await other.take(tick)).toBe('mine');
  });

  it('is available immediately after a postponement by zero seconds', async () => {
    const [one, other] = [worker(), worker()];
    await one.take(tick);
    await one.postpone(0);
    // The clock of an embedded database has whole milliseconds.
    await delay(5);

    expect(await other.take(tick)).toBe('mine');
  });

  it('does not wait for the lease of a dead worker if no other worker can be running', async () => {
    await worker(true).take(tick);

    expect(await worker(true).take(tick)).toBe('mine');
  });

  it('waits for the pause after a failure even if no other worker can be running', async () => {
    const one = worker(true);
    await one.take(tick);
    await one.postpone(60);

    expect(await one.take(tick)).toBe('theirs');
  });

  it('is not run again once it is done, even after a restart or a late renewal', async () => {
    const one = worker(true);
    await one.take(tick);
    await one.finish();
    expect(await worker(true).take(tick)).toBe('done');

    await one.renew();
    await one.postpone(0);
    expect(await worker().take(tick)).toBe('done');
  });

  it('does not change the instant of the last completed run', async () => {
    const planning = new PlanningRepository(database.pool);
    await planning.complete(start);
    await worker().take(tick);

    expect(await planning.lastCompleted()).toBe(start);
  });
});

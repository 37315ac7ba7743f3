import { createLogger } from '#gatehouse/platform';
import { deliverPlanned, outcomeOf, type DeliveryParts } from './deliver.js';
import type { PlannedMail } from './mail/digest.js';
import { noProgress } from './run-progress.js';

const plannedAt = Date.parse('2026-11-22T10:00:00Z');
const day = 24 * 3_600_000;
const later = { kind: 'later', reason: '450 busy', serverDown: false } as const;

describe('what follows an attempt', () => {
  it('is sent, held or given up as the mail server decided', () => {
    const mail = { attempt: 1, plannedAt };

    expect(outcomeOf({ kind: 'sent' }, mail, plannedAt)).toEqual({ state: 'sent' });
    expect(outcomeOf({ kind: 'unknown', reason: 'no reply' }, mail, plannedAt)).toMatchObject({
      state: 'unknown',
    });
    expect(outcomeOf({ kind: 'refused', reason: '550 no' }, mail, plannedAt)).toMatchObject({
      state: 'dead',
    });
  });

  it('is another attempt after one minute, then twice as long each time, up to a quarter of an hour', () => {
    const pauses = [1, 2, 3, 4, 5, 50].map((attempt) => outcomeOf(later, { attempt, plannedAt }, plannedAt));

    expect(pauses).toEqual(
      [60, 120, 240, 480, 900, 900].map((retryInSeconds) => ({
        state: 'failed',
        reason: '450 busy',
        retryInSeconds,
      })),
    );
  });

  it('is another attempt for four days, and then none', () => {
    expect(outcomeOf(later, { attempt: 300, plannedAt }, plannedAt + 4 * day)).toMatchObject({
      state: 'failed',
    });
    expect(outcomeOf(later, { attempt: 300, plannedAt }, plannedAt + 4 * day + 1)).toEqual({
      state: 'dead',
      reason: 'given up after four days: 450 busy',
    });
  });

  it('is another attempt after days in which nobody tried', () => {
    expect(outcomeOf(later, { attempt: 19, plannedAt }, plannedAt + 5 * day)).toMatchObject({
      state: 'failed',
    });
  });
});

describe('sending what is planned', () => {
  const todos = [{ id: 'a', title: 'Water the plants', dueAt: plannedAt }];
  const mailTo = (id: number, recipient: string): PlannedMail => ({
    ...{ id, recipient, messageId: `<${recipient}>`, timeZone: 'UTC', plannedAt, todos, total: 1 },
  });

  /** Two held mails, and a database that fails so many times when it is told of an outcome. */
  function delivery(failures: number) {
    const events: string[] = [];
    const note = (what: string) => Promise.resolve(void events.push(what));
    const batches = [[mailTo(1, 'ada@example.com'), mailTo(2, 'bruno@example.com')]];
    const stop = new AbortController();
    const parts: DeliveryParts = {
      ledger: {
        hold: () => Promise.resolve(batches.shift() ?? []),
        drop: () => note('drop'),
        begin: () => Promise.resolve(1),
        settle: (id, _attempt, { state }) =>
          failures-- > 0
            ? Promise.reject(Object.assign(new Error('gone'), { code: '57P01' }))
            : note(`${String(id)} ${state}`),
        release: () => note('release'),
      },
      todos: { open: () => Promise.resolve([]) },
      mailer: {
        idempotent: false,
        deliver: () => Promise.resolve({ kind: 'sent' }),
        rest: () => note('rest'),
      },
      message: { from: { name: '', address: 'a@example.com' }, unsubscribeUrl: () => 'https://example.com' },
      now: () => Promise.resolve(plannedAt),
      pause: (milliseconds) => note(`pause ${String(milliseconds)}`),
      log: createLogger('test', 'silent'),
      checkpoint: () => {},
      progress: noProgress,
      onSent: () => {},
    };
    return { events, parts, stop, options: { signal: stop.signal, unasked: true } };
  }

  it('tells a database that was away for a moment how the mail ended, until it takes it down', async () => {
    const { events, parts, options } = delivery(2);

    expect(await deliverPlanned(parts, options)).toMatchObject({ sent: 2 });
    expect(events).toEqual(['pause 1000', 'pause 2000', '1 sent', '2 sent', 'release', 'rest']);
  });

  it('does not wait for a database that stays away', async () => {
    const { events, parts, options } = delivery(99);

    await expect(deliverPlanned(parts, options)).rejects.toThrow('gone');
    expect(events).toEqual([1, 2, 4, 8].map((s) => `pause ${String(s)}000`).concat('release', 'rest'));
  });

  it('lets go of what it holds as soon as it is told to stop, and then finishes the mail in hand', async () => {
    const { events, parts, stop, options } = delivery(0);
    const deliver = () => {
      stop.abort();
      events.push('reply');
      return Promise.resolve({ kind: 'sent' } as const);
    };

    await deliverPlanned({ ...parts, mailer: { ...parts.mailer, deliver } }, options);

    expect(events).toEqual(['release', 'reply', '1 sent', 'release', 'rest']);
  });
});

import { jest } from '@jest/globals';
import { createLogger } from '#gatehouse/platform';
import type { PlannedMail } from '../mail/digest.js';
import { deliverPlanned, type DeliveryParts } from './deliver.js';
import { noProgress } from './run-progress.js';

const plannedAt = Date.parse('2026-11-22T10:00:00Z');

describe('delivery', () => {
  const todos = [{ id: 'a', title: 'Water the plants', dueAt: plannedAt }];
  const mailTo = (id: number, recipient: string): PlannedMail => ({
    ...{ id, recipient, messageId: `<${recipient}>`, timeZone: 'UTC', plannedAt, todos, total: 1 },
  });

  /** Two held mails, and a database that fails `failures` times when an outcome is recorded. */
  function delivery(failures: number) {
    const events: string[] = [];
    const note = (what: string) => Promise.resolve(void events.push(what));
    const batches = [[mailTo(1, 'ada@example.com'), mailTo(2, 'bruno@example.com')]];
    const stop = new AbortController();
    const parts: DeliveryParts = {
      ledger: {
        hold: () => Promise.resolve(batches.shift() ?? []),
        drop: () => note('drop'),
        begin: () => Promise.resolve({ number: 1, counted: 1 }),
        renew: () => note('renew'),
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
    return { events, parts, stop, options: { signal: stop.signal, isApiDown: true } };
  }

  const logInto = (lines: object[]) =>
    createLogger('test', 'warn', { write: (line: string) => void lines.push(JSON.parse(line) as object) });

  it('retries to record an outcome while the database is briefly unavailable, and logs each retry', async () => {
    const { events, parts, options } = delivery(2);
    const lines: object[] = [];

    expect(await deliverPlanned({ ...parts, log: logInto(lines) }, options)).toMatchObject({ sent: 2 });
    expect(events).toEqual(['pause 1000', 'pause 2000', '1 sent', '2 sent', 'release', 'rest']);
    const retrying = { mail: 1, reason: 'gone', msg: expect.stringContaining('retrying') as string };
    expect(lines).toEqual([expect.objectContaining(retrying), expect.objectContaining(retrying)]);
  });

  it('reports each sent mail to the progress of the run', async () => {
    const { events, parts, options } = delivery(0);
    const progress = { ...noProgress, sent: (count: number) => void events.push(`progress ${count}`) };

    await deliverPlanned({ ...parts, progress }, options);

    expect(events).toEqual(['1 sent', 'progress 1', '2 sent', 'progress 2', 'release', 'rest']);
  });

  it('resolves although held mails cannot be released, and logs why', async () => {
    const { parts, options } = delivery(0);
    const lines: object[] = [];
    const release = () => Promise.reject(new Error('no database'));

    const delivered = deliverPlanned(
      { ...parts, log: logInto(lines), ledger: { ...parts.ledger, release } },
      options,
    );

    expect(await delivered).toMatchObject({ sent: 2 });
    expect(lines).toEqual([
      expect.objectContaining({
        err: expect.objectContaining({ message: 'no database' }) as object,
        msg: expect.stringContaining('not released') as string,
      }),
    ]);
  });

  it('gives up on a database that remains unavailable', async () => {
    const { events, parts, options } = delivery(99);

    await expect(deliverPlanned(parts, options)).rejects.toThrow('gone');
    expect(events).toEqual([1, 2, 4, 8].map((s) => `pause ${String(s)}000`).concat('release', 'rest'));
  });

  it('releases held mails as soon as it is asked to stop, and finishes the current mail', async () => {
    const { events, parts, stop, options } = delivery(0);
    const deliver = () => {
      stop.abort();
      events.push('reply');
      return Promise.resolve({ kind: 'sent' } as const);
    };

    await deliverPlanned({ ...parts, mailer: { ...parts.mailer, deliver } }, options);

    expect(events).toEqual(['release', 'reply', '1 sent', 'release', 'rest']);
  });

  it('releases nothing if it is asked to stop after it is done', async () => {
    const { events, parts, stop, options } = delivery(0);
    await deliverPlanned(parts, options);

    stop.abort();

    expect(events).toEqual(['1 sent', '2 sent', 'release', 'rest']);
  });

  it('renews the lease of a mail while the mail server is slow, and no longer', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'setTimeout', 'nextTick', 'queueMicrotask'] });
    const { events, parts, options } = delivery(0);
    const deliver = async () => {
      await jest.advanceTimersByTimeAsync(80_000);
      events.push('reply');
      return { kind: 'sent' } as const;
    };

    await deliverPlanned({ ...parts, mailer: { ...parts.mailer, deliver } }, options);
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();

    const each = (id: number) => ['renew', 'renew', 'reply', `${String(id)} sent`];
    expect(events).toEqual([...each(1), ...each(2), 'release', 'rest']);
  });

  it('sends a mail although its lease cannot be renewed, and logs why', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'setTimeout', 'nextTick', 'queueMicrotask'] });
    const { events, parts, options } = delivery(0);
    const lines: object[] = [];
    const deliver = async () => {
      await jest.advanceTimersByTimeAsync(40_000);
      return { kind: 'sent' } as const;
    };
    const renew = () => Promise.reject(new Error('no database'));

    await deliverPlanned(
      {
        ...parts,
        log: logInto(lines),
        ledger: { ...parts.ledger, renew },
        mailer: { ...parts.mailer, deliver },
      },
      options,
    );
    jest.useRealTimers();

    expect(events).toEqual(['1 sent', '2 sent', 'release', 'rest']);
    expect(lines).toEqual(
      [1, 2].map((mail) =>
        expect.objectContaining({
          ...{ mail, reason: 'no database' },
          msg: expect.stringContaining('not renewed') as string,
        }),
      ),
    );
  });

  it('holds and confirms mails again that it has held for longer than a lease', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'setTimeout', 'nextTick', 'queueMicrotask'] });
    const { events, parts, options } = delivery(0);
    const deliver = async () => {
      await jest.advanceTimersByTimeAsync(200_000);
      return { kind: 'sent' } as const;
    };

    await deliverPlanned({ ...parts, mailer: { ...parts.mailer, deliver } }, options);
    jest.useRealTimers();

    expect(events.filter((event) => event !== 'renew')).toEqual(['1 sent', 'release', 'release', 'rest']);
  });

  it('stops if the mail server accepts no mail, and alerts the operator', async () => {
    const { events, parts, options } = delivery(0);
    const lines: string[] = [];
    const log = createLogger('test', 'error', { write: (line: string) => void lines.push(line) });
    const deliver = () =>
      Promise.resolve({ kind: 'later', reason: '550 5.7.1 sender refused', serverDown: true } as const);

    await deliverPlanned({ ...parts, log, mailer: { ...parts.mailer, deliver } }, options);

    expect(events).toEqual(['1 failed', 'release', 'rest']);
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        ...{ alarm: 'mail_server', reason: '550 5.7.1 sender refused' },
        msg: expect.stringContaining('sending stops') as string,
      }),
    ]);
  });

  it('holds no further mails if the mail server accepts none', async () => {
    const { parts, options } = delivery(0);
    let tried = 0;
    const deliver = () => Promise.resolve({ kind: 'later', reason: '421', serverDown: true } as const);
    const hold = () => Promise.resolve(tried++ < 5 ? [mailTo(tried, 'ada@example.com')] : []);

    await deliverPlanned(
      { ...parts, ledger: { ...parts.ledger, hold }, mailer: { ...parts.mailer, deliver } },
      options,
    );

    expect(tried).toBe(1);
  });

  it('skips a mail that may no longer be sent, and continues with the others', async () => {
    const { events, parts, options } = delivery(0);
    const begin = (id: number) => Promise.resolve(id === 1 ? undefined : { number: 1, counted: 1 });

    const report = await deliverPlanned({ ...parts, ledger: { ...parts.ledger, begin } }, options);

    expect(report).toMatchObject({ sent: 1, dead: 0 });
    expect(events).toEqual(['2 sent', 'release', 'rest']);
  });

  it('counts sent and dead mails, and logs each by its number, without the address', async () => {
    const { parts, options } = delivery(0);
    const lines: string[] = [];
    const log = createLogger('test', 'info', { write: (line: string) => void lines.push(line) });
    const deliver = ({ to }: { readonly to: string }) =>
      Promise.resolve(
        to.startsWith('ada')
          ? ({ kind: 'sent' } as const)
          : ({ kind: 'refused', reason: '550 no such user' } as const),
      );

    const report = await deliverPlanned({ ...parts, log, mailer: { ...parts.mailer, deliver } }, options);

    expect(report).toEqual({ sent: 1, dead: 1, dropped: 0 });
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ mail: 1, msg: 'mail sent' }),
      expect.objectContaining({ mail: 2, state: 'dead', reason: '550 no such user', msg: 'mail not sent' }),
    ]);
    expect(lines.join().replaceAll(/"messageId":"[^"]*"/g, '')).not.toContain('@');
  });

  it('does not retry to record an outcome after an unexpected error', async () => {
    const { events, parts, options } = delivery(0);
    const settle = () => Promise.reject(new Error('no such column'));

    await expect(deliverPlanned({ ...parts, ledger: { ...parts.ledger, settle } }, options)).rejects.toThrow(
      'no such column',
    );
    expect(events).toEqual(['release', 'rest']);
  });

  it('resolves if it is asked to stop during the confirmation, and sends nothing', async () => {
    const { events, parts, stop } = delivery(0);
    const open = (_ids: readonly string[], signal: AbortSignal) => {
      stop.abort();
      return Promise.reject(signal.reason as Error);
    };

    expect(await deliverPlanned({ ...parts, todos: { open } }, { signal: stop.signal })).toMatchObject({
      sent: 0,
    });
    expect(events).toEqual(['release', 'release', 'rest']);
  });

  it('does not alert the operator about a mail that the stop interrupted', async () => {
    const { events, parts, stop, options } = delivery(0);
    const lines: string[] = [];
    const log = createLogger('test', 'error', { write: (line: string) => void lines.push(line) });
    const deliver = () => {
      stop.abort();
      return Promise.resolve({ kind: 'later', reason: 'the connection ended', serverDown: true } as const);
    };

    await deliverPlanned({ ...parts, log, mailer: { ...parts.mailer, deliver } }, options);

    expect(events).toEqual(['release', '1 failed', 'release', 'rest']);
    expect(lines).toEqual([]);
  });
});

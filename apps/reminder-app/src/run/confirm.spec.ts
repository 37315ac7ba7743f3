import { createLogger, exitCodes, ExitError } from '#gatehouse/platform';
import type { PlannedMail } from '../mail/digest.js';
import type { DueTodo } from '../todos/todo-client.js';
import { Confirmation } from './confirm.js';

const never = new AbortController().signal;
const dueAt = Date.parse('2026-11-25T12:00:00Z');

const mail = (recipient: string, ...ids: string[]): PlannedMail => ({
  id: ids.length,
  messageId: `<${recipient}>`,
  recipient,
  timeZone: 'UTC',
  plannedAt: dueAt,
  todos: ids.map((id) => ({ id, title: id, dueAt })),
  total: ids.length,
});
const todo = (id: string, email: string, due: string | null = '2026-11-25T12:00:00.000Z'): DueTodo => ({
  id,
  title: id,
  dueAt: due,
  owner: { email, timeZone: null },
});

/** A confirmation by an API that knows these open todos, or that fails. */
function confirmation(open: DueTodo[] | Error, silent = false) {
  const dropped: string[] = [];
  const lines: string[] = [];
  const asked: (readonly string[])[] = [];
  const state = { open, now: 0 };
  const parts = {
    ledger: {
      drop: (_mail: number, todos: readonly { id: string }[]) =>
        Promise.resolve(void dropped.push(...todos.map(({ id }) => id))),
    },
    todos: {
      open: (ids: readonly string[]) => {
        asked.push(ids);
        return state.open instanceof Error ? Promise.reject(state.open) : Promise.resolve(state.open);
      },
    },
    now: () => Promise.resolve(state.now),
    log: createLogger('test', 'info', { write: (line: string) => void lines.push(line) }),
  };
  const confirm = new Confirmation(parts, silent);
  return { confirm, dropped, asked, state, logged: () => lines.map((line) => JSON.parse(line) as object) };
}

describe('the confirmation just before mails are sent', () => {
  it('is one request for all mails, and drops todos that are finished, rescheduled or reassigned, and mails without todos', async () => {
    const { confirm, dropped, asked, logged } = confirmation([
      todo('kept', 'ada@example.com'),
      todo('all kept', 'dana@example.com'),
      todo('moved', 'ada@example.com', '2026-11-26T12:00:00.000Z'),
      todo('undated', 'ada@example.com', null),
      todo('handed over', 'chiyo@example.com'),
    ]);
    const mails = [
      mail('ada@example.com', 'kept', 'moved', 'undated', 'finished'),
      mail('bruno@example.com', 'handed over'),
      mail('dana@example.com', 'all kept'),
    ];

    const due = await confirm.stillDue(mails, never);

    expect(due).toEqual([
      expect.objectContaining({ recipient: 'ada@example.com', total: 1 }),
      mail('dana@example.com', 'all kept'),
    ]);
    expect(due[0]?.todos.map(({ id }) => id)).toEqual(['kept']);
    expect(dropped).toEqual(['moved', 'undated', 'finished', 'handed over']);
    expect(confirm.dropped).toBe(4);
    expect(asked).toEqual([['kept', 'moved', 'undated', 'finished', 'handed over', 'all kept']]);
    expect(logged()).toEqual([
      expect.objectContaining({ mail: 4, messageId: '<ada@example.com>', todos: 3 }),
      expect.objectContaining({ mail: 1, messageId: '<bruno@example.com>', todos: 1 }),
    ]);
  });

  it('leaves mails as planned while the API is unavailable, and calls it again a minute later', async () => {
    const { confirm, dropped, asked, state, logged } = confirmation(
      new ExitError('down', exitCodes.unavailable),
    );
    const mails = [mail('ada@example.com', 'a')];

    expect(await confirm.stillDue(mails, never)).toEqual(mails);
    expect(await confirm.stillDue(mails, never)).toEqual(mails);
    expect(dropped).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(logged()).toEqual([
      expect.objectContaining({ reason: 'down', msg: expect.stringContaining('unconfirmed') as string }),
    ]);

    state.now += 60_000;
    state.open = [];
    expect(await confirm.stillDue(mails, never)).toEqual([]);
    expect(dropped).toEqual(['a']);
  });

  it('is skipped for a minute if the API is known to be unavailable', async () => {
    const { confirm, asked, state } = confirmation([], true);
    const mails = [mail('ada@example.com', 'a')];

    expect(await confirm.stillDue(mails, never)).toEqual(mails);
    expect(asked).toEqual([]);
    state.now += 60_000;
    expect(await confirm.stillDue(mails, never)).toEqual([]);
  });

  it('throws if it is interrupted, so that nothing is sent unconfirmed', async () => {
    const { confirm } = confirmation(new ExitError('stopped', exitCodes.workHeld));
    const stop = new AbortController();
    stop.abort(new Error('asked to stop'));

    await expect(confirm.stillDue([mail('ada@example.com', 'a')], stop.signal)).rejects.toThrow(
      'asked to stop',
    );
  });

  it('throws an unexpected error', async () => {
    const { confirm } = confirmation(new TypeError('a mistake of ours'));

    await expect(confirm.stillDue([mail('ada@example.com', 'a')], never)).rejects.toThrow(
      'a mistake of ours',
    );
  });
});

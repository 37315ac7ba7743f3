import type pg from 'pg';
import type { Todo } from '#gatehouse/todo-contract';
import { isDigestDue } from '../run/digest-rule.js';
import { messageIdOf } from './message-id.js';
import { transaction } from './transaction.js';

/** The number of people planned in one transaction. */
const peopleAtOnce = 500;
/** Above this many new rows the planner's statistics are stale, so ANALYZE runs. */
const manyRows = 10_000;
/** Far longer than another worker's run can take. */
const dropAfterMs = 24 * 3_600_000;

/** A todo that can be mailed: it has a due date, and its owner has a verified address. */
export interface MailableTodo extends Pick<Todo, 'id' | 'title'> {
  readonly dueAt: string;
  readonly owner: { readonly email: string; readonly timeZone: string | null };
}

interface WaitingRow {
  readonly todo_id: string;
  readonly due_at: Date;
  readonly recipient: string;
  readonly time_zone: string | null;
}

interface PlanningRule {
  readonly minGapHours: number;
  /** Right-hand side of Message-IDs. */
  readonly messageIdDomain: string;
}

/** Turns the todos that a run found into digests. All instants are milliseconds since the epoch, by the run's clock. */
export class PlanningRepository {
  /** The number of rows recorded since the last planning. */
  #recorded = 0;

  constructor(private readonly pool: pg.Pool) {}

  /** Returns when a run last completed; undefined before the first. */
  async lastCompleted(): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ completed_at: Date | null }>(
      'select completed_at from progress',
    );
    return rows[0]?.completed_at?.getTime();
  }

  /** Records the todos that the run at `now` saw. Todos that were planned before are unchanged. */
  async recordFound(todos: readonly MailableTodo[], now: number): Promise<void> {
    if (todos.length === 0) return;
    this.#recorded += todos.length;
    await this.pool.query({
      name: 'record-found',
      text: `insert into reminders (todo_id, due_at, recipient, title, time_zone, seen_at)
             select distinct on (todo_id, due_at, recipient)
                    todo_id, due_at, recipient, found.title, found.time_zone, $6::timestamptz
             from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::text[], $5::text[])
                  as found (todo_id, due_at, recipient, title, time_zone)
             left join reminders known using (todo_id, due_at, recipient)
             where known.mail_id is null
             on conflict (todo_id, due_at, recipient) do update
             set title = excluded.title, time_zone = excluded.time_zone,
                 seen_at = greatest(reminders.seen_at, excluded.seen_at)
             where reminders.mail_id is null`,
      values: [
        todos.map(({ id }) => id),
        todos.map(({ dueAt }) => dueAt),
        todos.map(({ owner }) => owner.email),
        todos.map(({ title }) => title),
        todos.map(({ owner }) => owner.timeZone),
        new Date(now),
      ],
    });
  }

  /** Returns those of `todos` that are in no mail so far: a run would plan them, or let them wait. */
  async unplanned(todos: readonly MailableTodo[]): Promise<MailableTodo[]> {
    const { rows } = await this.pool.query<{ place: number }>(
      `select found.place::int from unnest($1::uuid[], $2::timestamptz[], $3::text[]) with ordinality
              as found (todo_id, due_at, recipient, place)
       left join reminders known using (todo_id, due_at, recipient) where known.mail_id is null
       order by found.place`,
      [todos.map(({ id }) => id), todos.map(({ dueAt }) => dueAt), todos.map(({ owner }) => owner.email)],
    );
    return rows.flatMap(({ place }) => todos[place - 1] ?? []);
  }

  /** Returns when each of `recipients` last had a digest, and whether they have unsubscribed. */
  async people(recipients: readonly string[]) {
    const { rows } = await this.pool.query<{ recipient: string; last: Date | null; unsubscribed: boolean }>(
      `select recipient, last_planned_at as last, unsubscribed_at is not null as unsubscribed
       from people where recipient = any ($1)`,
      [recipients],
    );
    return new Map(rows.map((row) => [row.recipient, row]));
  }

  /**
   * Freezes a digest for everybody who is due one by the digest rule, from the todos that the run at `now` saw.
   * Returns the number of todos that wait for a later run. `afterEach` is called after each transaction.
   */
  async planDigests(
    now: number,
    rule: PlanningRule,
    afterEach: () => Promise<void> = () => Promise.resolve(),
  ): Promise<number> {
    if (this.#recorded > manyRows) await this.pool.query('analyze reminders');
    this.#recorded = 0;
    let waiting = 0;
    for (let after = ''; ;) {
      const people = await this.#peopleWithWaitingTodos(after, now);
      const last = people.at(-1);
      if (last === undefined) return waiting;
      waiting += await transaction(this.pool, (client) => planPeople(client, people, now, rule));
      await afterEach();
      after = last;
    }
  }

  /**
   * Records that the run at `now` has planned everything it found. Drops waiting todos that are overdue for so long
   * that no run will see them again.
   */
  async complete(now: number): Promise<void> {
    await this.pool.query(
      `insert into progress (completed_at) values ($1)
       on conflict (id) do update set completed_at = excluded.completed_at`,
      [new Date(now)],
    );
    await this.pool.query('delete from reminders where mail_id is null and due_at < $1', [
      new Date(now - dropAfterMs),
    ]);
  }

  async #peopleWithWaitingTodos(after: string, now: number): Promise<string[]> {
    const { rows } = await this.pool.query<{ recipient: string }>(
      `select distinct recipient from reminders
       where mail_id is null and seen_at >= $1 and recipient > $2 order by recipient limit ${peopleAtOnce}`,
      [new Date(now), after],
    );
    return rows.map(({ recipient }) => recipient);
  }
}

/**
 * Plans people. Their rows are locked in sorted order, so that two workers wait for each other and plan each person
 * once.
 */
async function planPeople(
  client: pg.PoolClient,
  people: readonly string[],
  now: number,
  rule: PlanningRule,
): Promise<number> {
  const lastPlanned = await lockPeople(client, people);
  const { rows } = await client.query<WaitingRow>(
    `select todo_id, due_at, recipient, time_zone from reminders
     where mail_id is null and seen_at >= $1 and recipient = any ($2) order by due_at, todo_id`,
    [new Date(now), [...lastPlanned.keys()]],
  );
  const byPerson = [...Map.groupBy(rows, ({ recipient }) => recipient)];
  const due = byPerson.flatMap(([recipient, todos]) => {
    const dueDates = todos.map(({ due_at }) => due_at.getTime());
    return isDigestDue(lastPlanned.get(recipient)?.getTime(), dueDates, now, rule.minGapHours) ? [todos] : [];
  });
  if (due.length > 0) {
    await insertMails(client, due, now, rule.messageIdDomain);
    await client.query('update people set last_planned_at = $1 where recipient = any ($2)', [
      new Date(now),
      due.map(([first]) => first?.recipient),
    ]);
  }
  return rows.length - due.flat().length;
}

/** Returns the people who want mail, each with the instant of the last digest. */
async function lockPeople(
  client: pg.PoolClient,
  people: readonly string[],
): Promise<ReadonlyMap<string, Date | null>> {
  await client.query(
    `insert into people (recipient) select unnest($1::text[]) order by 1 on conflict do nothing`,
    [people],
  );
  const { rows } = await client.query<{ recipient: string; last: Date | null; wants_mail: boolean }>(
    `select recipient, last_planned_at as last, unsubscribed_at is null as wants_mail
     from people where recipient = any ($1) order by recipient for update`,
    [people],
  );
  return new Map(rows.filter((row) => row.wants_mail).map(({ recipient, last }) => [recipient, last]));
}

async function insertMails(
  client: pg.PoolClient,
  digests: readonly (readonly WaitingRow[])[],
  now: number,
  domain: string,
): Promise<void> {
  const mails = digests.map((todos) => ({ messageId: messageIdOf(todos.map(keyOf), domain), todos }));
  const { rows } = await client.query<{ id: number; message_id: string }>(
    `insert into mails (message_id, recipient, time_zone, planned_at)
     select *, $4::timestamptz from unnest($1::text[], $2::text[], $3::text[]) returning id, message_id`,
    [
      mails.map(({ messageId }) => messageId),
      mails.map(({ todos }) => todos[0]?.recipient),
      mails.map(({ todos }) => todos.find(({ time_zone }) => time_zone !== null)?.time_zone),
      new Date(now),
    ],
  );
  const idOf = new Map(rows.map(({ id, message_id }) => [message_id, id]));
  const members = mails.flatMap(({ messageId, todos }) =>
    todos.map((row) => ({ mailId: idOf.get(messageId), ...row })),
  );
  await client.query(
    `update reminders set mail_id = member.mail_id
     from unnest($1::uuid[], $2::timestamptz[], $3::text[], $4::int[]) as member (todo_id, due_at, recipient, mail_id)
     where (reminders.todo_id, reminders.due_at, reminders.recipient)
         = (member.todo_id, member.due_at, member.recipient)`,
    [
      members.map(({ todo_id }) => todo_id),
      members.map(({ due_at }) => due_at),
      members.map(({ recipient }) => recipient),
      members.map(({ mailId }) => mailId),
    ],
  );
}

const keyOf = (row: WaitingRow) => ({ todoId: row.todo_id, dueAt: row.due_at, recipient: row.recipient });

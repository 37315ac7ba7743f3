import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { z } from 'zod';
import { ownerSchema, type Todo, todoSchema } from '#gatehouse/todo-contract';
import { TodoStore } from '#gatehouse/todo-database';
import type { Scope } from './access.js';
import type { Position } from './cursor.js';

export interface Filter {
  readonly status?: 'open' | 'done' | undefined;
  /** Inclusive; undated todos are excluded if either bound is given. */
  readonly dueAfter?: string | undefined;
  /** Exclusive. */
  readonly dueBefore?: string | undefined;
  /** Only these. */
  readonly ids?: readonly string[] | undefined;
}

// Ids from the database are not validated again.
const rowSchema = todoSchema.omit({ owner: true }).extend({
  id: z.string(),
  ownerId: z.string(),
  ...ownerSchema.omit({ id: true }).shape,
});
const rowsSchema = z.array(rowSchema);

const columns: Record<keyof z.output<typeof rowSchema>, string> = {
  id: 't.id',
  title: 't.title',
  notes: 't.notes',
  dueAt: 't.due_at',
  status: 't.status',
  version: 't.version',
  createdAt: 't.created_at',
  updatedAt: 't.updated_at',
  ownerId: 'o.id',
  email: 'o.email',
  timeZone: 'o.time_zone',
};
const selected = Object.entries(columns).map(([name, column]) => `${column} as "${name}"`);

/** Lists todos: the most frequent query, run without an ORM, as a named statement on the same pool. */
@Injectable()
export class TodoPageRepository {
  constructor(private readonly store: TodoStore) {}

  /** Returns at most `limit` todos after `after`, in the order of pages. */
  async page(scope: Scope, filter: Filter, after: Position | undefined, limit: number): Promise<Todo[]> {
    const { name, text } = statementFor(scope, filter);
    const values = [
      ...lowerBound(filter, after),
      ...upperBound(filter),
      limit,
      ...(scope === 'everyone' ? [] : [scope.ownerId]),
      ...(filter.ids ? [filter.ids] : []),
    ];
    const { rows } = await this.store.pool.query({ name, text, values, types });
    return rowsSchema.parse(rows).map(({ ownerId, email, timeZone, ...todo }) => ({
      ...todo,
      owner: { id: ownerId, email, timeZone },
    }));
  }
}

// Undated todos sort last, as if due at infinity, so that a page is one range of one index at any depth.
const place = `(coalesce(t.due_at, 'infinity'::timestamptz), t.id)`;
const lowestId = '00000000-0000-0000-0000-000000000000';
const highestId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** Exclusive. The lowest id does not occur, so that a todo due exactly at `dueAfter` is after this bound. */
const lowerBound = ({ dueAfter }: Filter, after: Position | undefined) =>
  after ? [after.dueAt ?? 'infinity', after.id] : [dueAfter ?? '-infinity', lowestId];

/** Exclusive. With only `dueAfter` the bound is before every undated todo. */
const upperBound = ({ dueAfter, dueBefore }: Filter) =>
  dueAfter === undefined && dueBefore === undefined
    ? ['infinity', highestId]
    : [dueBefore ?? 'infinity', lowestId];

/**
 * Builds the statement. The status is part of the text, because only then can the partial index on open todos be
 * used.
 */
function statementFor(scope: Scope, { status, ids }: Filter): { name: string; text: string } {
  const conditions = [
    `${place} > ($1::timestamptz, $2::uuid)`,
    `${place} < ($3::timestamptz, $4::uuid)`,
    ...(scope === 'everyone' ? [] : ['t.owner_id = $6']),
    ...(ids ? [`t.id = any ($${scope === 'everyone' ? 6 : 7}::uuid[])`] : []),
    ...(status ? [`t.status = '${status}'`] : []),
  ];
  return {
    name: `todo-page-${scope === 'everyone' ? 'everyone' : 'own'}-${status ?? 'any'}${ids ? '-ids' : ''}`,
    text: `select ${selected.join(', ')}
             from todos t join owners o on o.id = t.owner_id
            where ${conditions.join(' and ')}
            order by ${place.slice(1, -1)} limit $5`,
  };
}

/** Parses instants as ISO 8601 directly from PostgreSQL's text, without a Date; the session is in UTC. */
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid, format) =>
    oid === pg.types.builtins.TIMESTAMPTZ
      ? isoInstant
      : (pg.types.getTypeParser(oid, format) as (value: unknown) => unknown),
};

/** Converts `2026-11-22 18:00:00.5+00` to `2026-11-22T18:00:00.500Z`. */
const isoInstant = (text: string): string =>
  `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20, -3).padEnd(3, '0')}Z`;

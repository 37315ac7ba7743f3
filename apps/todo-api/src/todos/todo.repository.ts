import { Injectable } from '@nestjs/common';
import type { NewTodo, Todo, TodoPatch } from '#gatehouse/todo-contract';
import { TodoStore } from '#gatehouse/todo-database';
import type { Prisma, Todo as Row } from '#prisma/todo';
import type { Owner } from '../owners/owner.repository.js';
import type { Scope } from './access.js';

/** Reads and writes single todos. Every method takes the scope first; there is no other way to access them. */
@Injectable()
export class TodoRepository {
  constructor(private readonly store: TodoStore) {}

  async find(scope: Scope, id: string): Promise<Todo | undefined> {
    const row = await this.store.prisma.todo.findFirst({
      where: within(scope, id),
      include: { owner: true },
    });
    return row ? toTodo(row, row.owner) : undefined;
  }

  /** `transaction`: the transaction that the todo becomes part of, if any. */
  async create(
    owner: Owner,
    todo: NewTodo,
    now: Date,
    transaction?: Prisma.TransactionClient,
  ): Promise<Todo> {
    const row = await (transaction ?? this.store.prisma).todo.create({
      data: { ...todo, ownerId: owner.id, createdAt: now, updatedAt: now },
    });
    return toTodo(row, owner);
  }

  /** Changes a todo; undefined if it does not exist or is no longer at `version`. */
  async change(
    scope: Scope,
    id: string,
    patch: TodoPatch,
    now: Date,
    version?: number,
  ): Promise<Todo | undefined> {
    const [row] = await this.store.prisma.todo.updateManyAndReturn({
      where: within(scope, id, version),
      data: { ...patch, updatedAt: now, version: { increment: 1 } },
      include: { owner: true },
    });
    return row ? toTodo(row, row.owner) : undefined;
  }

  /** Removes a todo; false if it does not exist or is no longer at `version`. */
  async remove(scope: Scope, id: string, version?: number): Promise<boolean> {
    const { count } = await this.store.prisma.todo.deleteMany({
      where: within(scope, id, version),
    });
    return count > 0;
  }
}

const within = (scope: Scope, id: string, version?: number): Prisma.TodoWhereInput => ({
  id,
  ...(scope === 'everyone' ? {} : { ownerId: scope.ownerId }),
  ...(version === undefined ? {} : { version }),
});

const toTodo = (row: Row, { id, email, timeZone }: Owner): Todo => ({
  id: row.id,
  title: row.title,
  notes: row.notes,
  dueAt: row.dueAt?.toISOString() ?? null,
  status: row.status,
  owner: { id, email, timeZone },
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  updatedAt: row.updatedAt.toISOString(),
});

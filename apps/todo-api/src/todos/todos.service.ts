import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '#gatehouse/auth';
import type { Clock } from '#gatehouse/platform';
import type { NewTodo, Todo, TodoPage, TodoPatch, TodoQuery } from '#gatehouse/todo-contract';
import { CLOCK } from '../clock.js';
import { OwnerResolver } from '../owners/owner.resolver.js';
import { type Scope, scopeOf } from './access.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { entityTag } from './entity-tag.js';
import { IdempotencyRepository } from './idempotency.repository.js';
import { dependsOnState, judge, type Judgement, type Preconditions } from './preconditions.js';
import { auditorsOnly, foreignCursor, preconditionFailed, todoNotFound } from './todo.errors.js';
import { TodoRepository } from './todo.repository.js';
import { TodoPageRepository } from './todo-page.repository.js';

interface Found {
  readonly todo: Todo;
  readonly unchanged: boolean;
}

interface Judged {
  readonly todo: Todo;
  readonly judgement: Judgement;
}

/** The operations on todos; every method first decides the scope of its caller. */
@Injectable()
export class TodosService {
  constructor(
    private readonly owners: OwnerResolver,
    private readonly todos: TodoRepository,
    private readonly pages: TodoPageRepository,
    private readonly idempotency: IdempotencyRepository,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async list(principal: Principal, { limit, cursor, owner: whose, ...filter }: TodoQuery): Promise<TodoPage> {
    const owner = await this.owners.resolve(principal);
    const scope = whose === 'me' ? { ownerId: owner.id } : scopeOf('read', principal, owner);
    if (whose === 'everyone' && scope !== 'everyone') throw auditorsOnly();
    const list = [scope, filter.status, filter.dueAfter, filter.dueBefore, filter.ids];
    const after = cursor === undefined ? undefined : decodeCursor(list, cursor);
    if (cursor !== undefined && !after) throw foreignCursor();
    // One more than requested shows whether there is a next page.
    const found = await this.pages.page(scope, filter, after, limit + 1);
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: last && found.length > limit ? encodeCursor(list, last) : null };
  }

  /** `unchanged` is true if the caller already has the current todo. */
  async find(principal: Principal, id: string, conditions: Preconditions): Promise<Found> {
    const { todo, judgement } = await this.judged(await this.scope('read', principal), id, conditions);
    if (judgement === 'changed' || judgement === 'weakened') throw preconditionFailed(judgement);
    return { todo, unchanged: judgement === 'unchanged' };
  }

  async create(principal: Principal, todo: NewTodo, key: string | undefined): Promise<Todo> {
    const owner = await this.owners.resolve(principal);
    const now = new Date(this.clock());
    if (key === undefined) return this.todos.create(owner, todo, now);
    return this.idempotency.once({ ownerId: owner.id, key, request: todo, now }, (tx) =>
      this.todos.create(owner, todo, now, tx),
    );
  }

  async change(principal: Principal, id: string, patch: TodoPatch, conditions: Preconditions): Promise<Todo> {
    const scope = await this.scope('write', principal);
    const version = await this.expectedVersion(scope, id, conditions);
    const changed = await this.todos.change(scope, id, patch, new Date(this.clock()), version);
    if (!changed) throw version === undefined ? todoNotFound() : preconditionFailed('changed');
    return changed;
  }

  async remove(principal: Principal, id: string, conditions: Preconditions): Promise<void> {
    const scope = await this.scope('write', principal);
    const version = await this.expectedVersion(scope, id, conditions);
    const removed = await this.todos.remove(scope, id, version);
    if (!removed) throw version === undefined ? todoNotFound() : preconditionFailed('changed');
  }

  private async scope(action: 'read' | 'write', principal: Principal): Promise<Scope> {
    return scopeOf(action, principal, await this.owners.resolve(principal));
  }

  /** Returns the version that a write must find for its preconditions to be met; undefined if any version will do. */
  private async expectedVersion(
    scope: Scope,
    id: string,
    conditions: Preconditions,
  ): Promise<number | undefined> {
    if (!dependsOnState(conditions)) return undefined;
    const { todo, judgement } = await this.judged(scope, id, conditions);
    if (judgement !== 'met') throw preconditionFailed(judgement);
    return todo.version;
  }

  /** Judges the preconditions, which apply only to an existing todo (RFC 9110 section 13.2.1); 404 if there is none. */
  private async judged(scope: Scope, id: string, conditions: Preconditions): Promise<Judged> {
    const todo = await this.todos.find(scope, id);
    if (!todo) throw todoNotFound();
    return { todo, judgement: judge(conditions, entityTag(todo)) };
  }
}

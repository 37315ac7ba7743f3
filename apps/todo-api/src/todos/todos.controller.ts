import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import type { Principal } from '#gatehouse/auth';
import { CurrentPrincipal, RequireRole } from '#gatehouse/auth/nest';
import {
  type NewTodo,
  newTodoSchema,
  type Todo,
  type TodoPage,
  todoPageSchema,
  type TodoPatch,
  todoPatchSchema,
  type TodoQuery,
  todoQuerySchema,
  todoSchema,
} from '#gatehouse/todo-contract';
import { Answers, headersOf } from '../http/answers.js';
import { PublicAddress } from '../http/public-address.js';
import { entityTag } from './entity-tag.js';
import { Conditions, preconditionHeaders, type Preconditions } from './preconditions.js';
import { invalidIdempotencyKey } from './todo.errors.js';
import { TodosService } from './todos.service.js';

const idSchema = z.object({ id: z.uuid() });
type Id = z.output<typeof idSchema>;

const idempotencyHeader = {
  'Idempotency-Key':
    'A key of your choice for this todo; within 24 hours a repeated request gets the same response',
};
const taggedHeaders = {
  ETag: 'Changes with the todo; send it back in If-Match',
  'Cache-Control': 'Also asks proxies not to compress the response, which would weaken its ETag',
};

@Controller('todos')
export class TodosController {
  constructor(
    private readonly todos: TodosService,
    private readonly address: PublicAddress,
  ) {}

  @Get()
  @RequireRole('todo-reader', 'todo-auditor')
  @Answers(200, todoPageSchema, { summary: 'Your todos by due instant; everyone’s for an auditor' })
  list(
    @CurrentPrincipal() principal: Principal,
    @Query({ schema: todoQuerySchema }) query: TodoQuery,
  ): Promise<TodoPage> {
    return this.todos.list(principal, query);
  }

  @Get(':id')
  @RequireRole('todo-reader', 'todo-auditor')
  @Answers(200, todoSchema, { summary: 'One todo', takes: preconditionHeaders, gives: taggedHeaders })
  @ApiResponse({
    status: 304,
    description: 'The todo is in the state that If-None-Match names',
    headers: headersOf(taggedHeaders),
  })
  async find(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { id }: Id,
    @Conditions() conditions: Preconditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Todo> {
    const { todo, unchanged } = await this.todos.find(principal, id, conditions);
    // Node does not send a body with a 304 (RFC 9110 section 15.4.5).
    if (unchanged) void reply.code(304);
    return tagged(reply, todo);
  }

  @Post()
  @RequireRole('todo-writer')
  @Answers(201, todoSchema, {
    summary: 'A new todo of yours',
    takes: idempotencyHeader,
    gives: { ...taggedHeaders, Location: 'Where the todo is' },
  })
  async create(
    @CurrentPrincipal() principal: Principal,
    @Body({ schema: newTodoSchema }) body: NewTodo,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Todo> {
    if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) throw invalidIdempotencyKey();
    const todo = await this.todos.create(principal, body, key);
    void reply.header('Location', this.address.link(`/todos/${todo.id}`));
    return tagged(reply, todo);
  }

  @Patch(':id')
  @RequireRole('todo-writer')
  @Answers(200, todoSchema, {
    summary: 'Changes the fields given; null removes notes or due instant',
    takes: preconditionHeaders,
    gives: taggedHeaders,
  })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { id }: Id,
    @Body({ schema: todoPatchSchema }) patch: TodoPatch,
    @Conditions() conditions: Preconditions,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Todo> {
    return tagged(reply, await this.todos.change(principal, id, patch, conditions));
  }

  @Delete(':id')
  @RequireRole('todo-writer')
  @Answers(204, undefined, { summary: 'Removes a todo of yours', takes: preconditionHeaders })
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { id }: Id,
    @Conditions() conditions: Preconditions,
  ): Promise<undefined> {
    await this.todos.remove(principal, id, conditions);
  }
}

function tagged(reply: FastifyReply, todo: Todo): Todo {
  // A proxy that compresses must mark the tag as weak, and If-Match never matches a weak tag (RFC 9110 section 7.7).
  void reply.headers({ ETag: entityTag(todo), 'Cache-Control': 'no-store, no-transform' });
  return todo;
}

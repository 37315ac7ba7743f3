import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Query, Res } from '@nestjs/common';
import type { Principal } from '#gatehouse/auth';
import { CurrentPrincipal, RequireRole } from '#gatehouse/auth/nest';
import {
  newTodoSchema,
  todoPageSchema,
  todoPatchSchema,
  todoQuerySchema,
  todoSchema,
  type NewTodo,
  type Todo,
  type TodoPage,
  type TodoPatch,
  type TodoQuery,
} from '#gatehouse/todo-contract';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Answers } from '../http/answers.js';
import { PublicAddress } from '../http/public-address.js';
import { entityTag } from './entity-tag.js';
import { invalidIdempotencyKey } from './todo.errors.js';
import { TodosService } from './todos.service.js';

const idSchema = z.object({ id: z.uuid() });
type Id = z.output<typeof idSchema>;

const ifMatchHeader = { 'If-Match': 'ETag of the todo as you read it; 412 when it has changed since' };
const idempotencyHeader = {
  'Idempotency-Key':
    'A key of your choice for this todo; within 24 hours a repetition answers as the first did',
};
const entityTagHeader = { ETag: 'Changes with the todo; send it back in If-Match' };

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
  @Answers(200, todoSchema, { summary: 'One todo', gives: entityTagHeader })
  async find(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { id }: Id,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Todo> {
    return tagged(reply, await this.todos.find(principal, id));
  }

  @Post()
  @RequireRole('todo-writer')
  @Answers(201, todoSchema, {
    summary: 'A new todo of yours',
    takes: idempotencyHeader,
    gives: { ...entityTagHeader, Location: 'Where the todo is' },
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
    takes: ifMatchHeader,
    gives: entityTagHeader,
  })
  async change(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { id }: Id,
    @Body({ schema: todoPatchSchema }) patch: TodoPatch,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Todo> {
    return tagged(reply, await this.todos.change(principal, id, patch, ifMatch));
  }

  @Delete(':id')
  @RequireRole('todo-writer')
  @Answers(204, undefined, { summary: 'Removes a todo of yours', takes: ifMatchHeader })
  async remove(
    @CurrentPrincipal() principal: Principal,
    @Param({ schema: idSchema }) { id }: Id,
    @Headers('if-match') ifMatch: string | undefined,
  ): Promise<undefined> {
    await this.todos.remove(principal, id, ifMatch);
  }
}

function tagged(reply: FastifyReply, todo: Todo): Todo {
  void reply.header('ETag', entityTag(todo));
  return todo;
}

export { meSchema, type Me } from './me.js';
export { roles, type Role } from './role.js';
export {
  defaultPage,
  instant,
  maxIds,
  maxPage,
  newTodoSchema,
  ownerSchema,
  statusSchema,
  todoPageSchema,
  todoPatchSchema,
  todoQuerySchema,
  todoSchema,
  type NewTodo,
  type Todo,
  type TodoPage,
  type TodoPatch,
  type TodoQuery,
} from './todo.js';

export { meSchema, roles, type Me, type Role } from './me.js';
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

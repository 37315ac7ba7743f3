import { permissionNotes } from '#gatehouse/auth';
import { runApp } from '#gatehouse/platform';
import { todoApiProblems, todoApiSchema } from './config.js';
import { addressNotes } from './http/public-address.js';
import { startTodoApi } from './start-todo-api.js';

await runApp({
  name: 'todo-api',
  directory: 'todo-api',
  about: 'the resource server: a Todo API that accepts only credentials that FusionAuth issued',
  schema: todoApiSchema,
  check: todoApiProblems,
  notes: (config) => [...permissionNotes(config), ...addressNotes(config)],
  async start(config, { log, shutdown }) {
    const api = await startTodoApi(config, { log });
    shutdown.add('todo-api', () => api.close());
  },
});

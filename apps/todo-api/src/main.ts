import { permissionNotes } from '#gatehouse/auth';
import { runApp } from '#gatehouse/platform';
import { todoApiProblems, todoApiSchema } from './config.js';
import { startTodoApi } from './start-todo-api.js';

await runApp({
  name: 'todo-api',
  about: 'the resource server: a Todo API that answers only to credentials that FusionAuth vouches for',
  schema: todoApiSchema,
  check: todoApiProblems,
  notes: permissionNotes,
  async start(config, { log, shutdown }) {
    const api = await startTodoApi(config, { log });
    shutdown.add('todo-api', () => api.close());
  },
});

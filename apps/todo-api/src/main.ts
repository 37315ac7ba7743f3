import { permissionNotes } from '#gatehouse/auth';
import { dataDirProblem, runApp } from '#gatehouse/platform';
import { type TodoApiConfig, todoApiProblems, todoApiSchema } from './config.js';
import { addressNotes } from './http/public-address.js';

await runApp({
  name: 'todo-api',
  directory: 'todo-api',
  about: 'the resource server: a Todo API that accepts only credentials that FusionAuth issued',
  schema: todoApiSchema,
  check: (config: TodoApiConfig) => [
    ...todoApiProblems(config),
    ...(config.DATABASE_URL ? [] : dataDirProblem(config.DATA_DIR, 'todo')),
  ],
  notes: (config) => [...permissionNotes(config), ...addressNotes(config)],
  async start(config, { log, shutdown }) {
    // Loaded here, so that --help and --check-config need not wait for Nest.
    const { startTodoApi } = await import('./start-todo-api.js');
    const api = await startTodoApi(config, { log });
    shutdown.add('todo-api', () => api.close());
  },
});

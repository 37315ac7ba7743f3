import { subscribe } from 'node:diagnostics_channel';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from '#gatehouse/auth';
import { createLogger, parseConfig } from '#gatehouse/platform';
import { todoApiSchema } from '../../../../apps/todo-api/src/config.js';
import { startTodoApi } from '../../../../apps/todo-api/src/start-todo-api.js';
import { serveParent, settings } from '../../../measure/src/serve.js';
import { environmentFor, type IssuerSettings } from './auth-config.js';

interface TodoApiSettings extends IssuerSettings {
  readonly databaseUrl: string;
  /** Whether requests are accepted as those of the user named by `X-Subject`, without a credential. */
  readonly open: boolean;
}

/** The complete Todo API, on a server database. */
const given = settings as TodoApiSettings;
if (given.open) {
  subscribe('fastify.initialization', (message) => {
    (message as { fastify: FastifyInstance }).fastify.addHook('onRequest', admit);
  });
}
const environment = {
  PORT: '0',
  METRICS_PORT: '0',
  DATABASE_URL: given.databaseUrl,
  ...environmentFor(given),
};
const config = parseConfig(todoApiSchema, environment);
const api = await startTodoApi(config, { log: createLogger('todo-api', 'info') });
serveParent(api.url, { memory }, () => api.close());

/** Returns the megabytes in use after a garbage collection. */
function memory(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** Runs before the guard, which skips a request whose principal is known. */
function admit(request: FastifyRequest & { principal?: Principal }, _reply: unknown, done: () => void): void {
  const subject = String(request.headers['x-subject']);
  request.principal = {
    subject,
    issuer: given.issuer,
    kind: 'user',
    via: 'jwt',
    tenantId: given.tenantId,
    email: 'ada@example.com',
    timeZone: 'Europe/London',
    roles: ['todo-reader'],
    credentialId: subject,
  };
  done();
}

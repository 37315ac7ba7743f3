import type { FastifyRequest } from 'fastify';
import { createAuthenticator, type Principal } from '#gatehouse/auth';
import { migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { createLogger, createMetrics, Secret, systemClock } from '#gatehouse/platform';
import { LastUsed } from '../../../../apps/todo-api/src/clients/last-used.js';
import { LastUsedRepository } from '../../../../apps/todo-api/src/clients/last-used.repository.js';
import { createApp } from '../../../../apps/todo-api/src/create-app.js';
import { Readiness } from '../../../../apps/todo-api/src/health/readiness.js';
import { PublicAddress } from '../../../../apps/todo-api/src/http/public-address.js';
import { Routes } from '../../../../apps/todo-api/src/http/routes.js';
import { ApiDescription } from '../../../../apps/todo-api/src/metadata/docs.controller.js';
import { ProtectedResource } from '../../../../apps/todo-api/src/metadata/protected-resource.js';
import { TodoStore } from '../../../../apps/todo-api/src/store/todo-store.js';
import { serveParent, settings } from '../processes/in-child.js';
import { configOf } from './guards/config.js';
import type { GuardSettings } from './guards/guard-under-test.js';

export interface TodoApiSettings extends GuardSettings {
  readonly databaseUrl: string;
  /** Whether requests are taken for those of the user whom `X-Subject` names, without asking for a credential. */
  readonly open: boolean;
}

/** The Todo API with all that it does for a request, on a server database. */
const given = settings as TodoApiSettings;
const log = createLogger('todo-api', 'info');
const [metrics, clock] = [createMetrics(), systemClock];
const database = await openDatabase({
  name: 'todo',
  url: new Secret(given.databaseUrl),
  dataDir: '',
  log,
});
const store = new TodoStore(database);
await migrate(database, migrationsOf('todo'));
await store.open();
const config = configOf(given);
const address = new PublicAddress(undefined);
const authenticator = createAuthenticator(config, { log, clock, metrics });
const app = await createApp(
  {
    authenticator,
    store,
    readiness: new Readiness(authenticator, store),
    address,
    resource: new ProtectedResource(address, () => given.fusionAuthUrl, config.TOKEN_LOCATION),
    description: new ApiDescription(),
    routes: new Routes(),
    lastUsed: new LastUsed({ repository: new LastUsedRepository(store), clock, log }),
    config: { DOCS: false, ALLOWED_ORIGINS: [], TRUSTED_PROXIES: config.TRUSTED_PROXIES },
    clock,
    log,
  },
  metrics,
);
if (given.open) app.getHttpAdapter().getInstance().addHook('onRequest', admit);
await app.listen(0, '127.0.0.1');
serveParent(await app.getUrl());

/** Before the guard, which leaves a request alone whose principal is known. */
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

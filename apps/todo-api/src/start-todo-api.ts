import {
  type Authenticator,
  type AuthenticatorParts,
  createAuthenticator,
  type Witness,
} from '#gatehouse/auth';
import { type Database, openDatabase } from '#gatehouse/database';
import { Readiness } from '#gatehouse/http-edge';
import {
  type Clock,
  createMetrics,
  listensAt,
  type Logger,
  metricsPort,
  serveMetrics,
  type Shutdown,
  startOrClose,
  systemClock,
} from '#gatehouse/platform';
import { guardMemory } from '#gatehouse/todo-database';
import type { TodoApiConfig } from './config.js';
import { createApp } from './create-app.js';
import { addressNotes, PublicAddress } from './http/public-address.js';
import { type Route, Routes } from './http/routes.js';
import { authorizationServer } from './metadata/authorization-server.js';
import { ApiDescription } from './metadata/docs.controller.js';
import { ProtectedResource } from './metadata/protected-resource.js';

export interface TodoApi {
  readonly url: string;
  readonly metricsUrl: string;
  readonly routes: readonly Route[];
  /** The database of its todos; an embedded one can be used only by this process. */
  readonly database: Database;
  close(): Promise<void>;
}

export interface TodoApiParts {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Speeds up the first start of an embedded database; see openDatabase. */
  readonly template?: string | undefined;
  /** The todo database, if the caller keeps it open; it is not closed here. */
  readonly database?: Database | undefined;
  /** Observes how each request is decided, for a display. */
  readonly witness?: Witness | undefined;
}

/**
 * Starts the Todo API. Resolves once it has tried its key set, listens and has tried its database. Anything
 * unavailable is retried in the background, and requests that need it get 503 meanwhile. Throws {@link ExitError} for
 * a fault that waiting cannot fix: a port or data directory in use, a history that contradicts the migrations.
 */
export const startTodoApi = (config: TodoApiConfig, parts: TodoApiParts): Promise<TodoApi> =>
  startOrClose(parts.log, (shutdown) => start(config, parts, shutdown));

async function start(
  config: TodoApiConfig,
  { log, clock = systemClock, template, witness, database: given }: TodoApiParts,
  shutdown: Shutdown,
): Promise<TodoApi> {
  const metrics = createMetrics({ process: true });
  const { DATABASE_URL: url, DATA_DIR: dataDir, HOST: host, PORT: port } = config;
  const database = given
    ? { ...given, close: () => Promise.resolve() }
    : await openDatabase({ name: 'todo', url, dataDir, log, template });
  const remembered = guardMemory(database, config, { log, clock, shutdown });
  const { store, memory, lastUsed, revocations } = remembered;
  for (const note of addressNotes(config)) log.warn(note);
  const address = new PublicAddress(config.PUBLIC_URL);
  const parts = { log, clock, metrics, memory, witness, ...(revocations && { revocations }) };
  const { authenticator, resource } = guardFor(config, address, parts);
  shutdown.add('authenticator', () => Promise.resolve(authenticator.close()));

  const readiness = new Readiness(authenticator, store);
  const routes = new Routes();
  const shared = { authenticator, store, readiness, address, resource, routes, config, lastUsed, clock, log };
  const app = await createApp({ ...shared, description: new ApiDescription() }, metrics);
  const served = await serveMetrics(metrics, { host, port: metricsPort(config) });
  shutdown.add('metrics', () => served.close());
  const listening = await listensAt(app.getHttpServer(), { port }, app.listen(port, host));
  shutdown.add('http', () => app.close());
  address.listensAt(listening);
  log.info({ url: listening, metrics: served.url, strategies: authenticator.strategies }, 'listening');

  // After the guard's start, which createApp awaits: migrating an embedded database blocks this thread, and
  // FusionAuth's answers would seem late.
  await remembered.open();
  log.info(await readiness.report(), 'started');
  return {
    url: listening,
    metricsUrl: served.url,
    routes: routes.all,
    database,
    close: () => shutdown.now(),
  };
}

/** Creates the guard, and the metadata that tells clients where to obtain a credential; each refers to the other. */
function guardFor(config: TodoApiConfig, address: PublicAddress, parts: AuthenticatorParts) {
  const { problemType } = address;
  const resourceMetadata = () => resource.metadataUrl;
  const settings = { ...parts, realm: 'todo-api', problemType, resourceMetadata };
  const authenticator: Authenticator = createAuthenticator(config, settings);
  const server = () => authorizationServer(config, authenticator.issuer());
  const resource = new ProtectedResource(address, server, config.TOKEN_LOCATION);
  return { authenticator, resource };
}

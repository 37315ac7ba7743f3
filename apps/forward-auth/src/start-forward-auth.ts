import { createAuthenticator } from '#gatehouse/auth';
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
import { type ForwardAuthConfig, guardNotes } from './config.js';
import { createApp } from './create-app.js';
import { sharedMemory } from './shared-memory.js';

export interface ForwardAuth {
  readonly url: string;
  readonly metricsUrl: string;
  close(): Promise<void>;
}

export interface ForwardAuthParts {
  readonly log: Logger;
  readonly clock?: Clock;
}

/**
 * Starts the forward-auth server. Resolves once it has tried its key set, listens and has tried its database.
 * Anything unavailable is retried in the background, and requests that need it get 503 meanwhile. Throws {@link
 * ExitError} for a fault that waiting cannot fix.
 */
export const startForwardAuth = (config: ForwardAuthConfig, parts: ForwardAuthParts): Promise<ForwardAuth> =>
  startOrClose(parts.log, (shutdown) => start(config, parts, shutdown));

async function start(
  config: ForwardAuthConfig,
  { log, clock = systemClock }: ForwardAuthParts,
  shutdown: Shutdown,
): Promise<ForwardAuth> {
  const metrics = createMetrics({ process: true });
  const { HOST: host, PORT: port } = config;
  for (const note of guardNotes(config)) log.warn(note);
  const shared = await sharedMemory(config, { log, clock, shutdown });
  const authenticator = createAuthenticator(config, {
    ...{ log, clock, metrics, realm: 'forward-auth' },
    ...(shared && { memory: shared.memory }),
    ...(shared?.revocations && { revocations: shared.revocations }),
  });
  shutdown.add('authenticator', () => Promise.resolve(authenticator.close()));
  const readiness = new Readiness(authenticator, shared?.store);
  const app = await createApp(
    { authenticator, readiness, config, log },
    { metrics, lastUsed: shared?.lastUsed },
  );
  const served = await serveMetrics(metrics, { host, port: metricsPort(config) });
  shutdown.add('metrics', () => served.close());
  const url = await listensAt(app.getHttpServer(), { port }, app.listen(port, host));
  shutdown.add('http', () => app.close());
  log.info({ url, metrics: served.url, strategies: authenticator.strategies }, 'listening');
  await shared?.open();
  log.info(await readiness.report(), 'started');
  return { url, metricsUrl: served.url, close: () => shutdown.now() };
}

import { explainedDatabaseError, migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { createMetrics, runApp, serveMetrics } from '#gatehouse/platform';
import { devCenterProblems, devCenterSchema, metricsPort, type DevCenterConfig } from './config.js';
import { startDevCenter } from './start-dev-center.js';

await runApp({
  name: 'dev-center',
  directory: 'dev-center',
  about:
    'ends credentials when their time has come, and runs "npm run credentials" where the database is embedded',
  schema: devCenterSchema,
  check: (config: DevCenterConfig) => [
    ...devCenterProblems(config),
    ...(config.FUSIONAUTH_MANAGER_KEY
      ? []
      : ['FUSIONAUTH_MANAGER_KEY: is required (example: a key manager of FusionAuth)']),
  ],
  async start(config, { log, shutdown }) {
    const { DATABASE_URL: url, DATA_DIR: dataDir, HOST: host } = config;
    const database = await openDatabase({ name: 'todo', url, dataDir, log });
    shutdown.add('database', () => database.close());
    await migrate(database, migrationsOf('todo')).catch((error: unknown) => {
      throw explainedDatabaseError(error);
    });
    const metrics = await serveMetrics(createMetrics({ process: true }), { host, port: metricsPort(config) });
    shutdown.add('metrics', () => metrics.close());
    const center = await startDevCenter(config, { database, log });
    shutdown.add('dev-center', () => center.close());
  },
});

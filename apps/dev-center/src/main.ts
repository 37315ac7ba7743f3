import { explainedDatabaseError, migrate, migrationsOf, openDatabase } from '#gatehouse/database';
import { runApp } from '#gatehouse/platform';
import { type DevCenterConfig, devCenterProblems, devCenterSchema, metricsPort } from './config.js';

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
    // Loaded here, so that --help and --check-config need not wait for Nest.
    const { startDevCenter } = await import('./start-dev-center.js');
    const { DATABASE_URL: url, DATA_DIR: dataDir } = config;
    const database = await openDatabase({ name: 'todo', url, dataDir, log });
    shutdown.add('database', () => database.close());
    await migrate(database, migrationsOf('todo')).catch((error: unknown) => {
      throw explainedDatabaseError(error);
    });
    const center = await startDevCenter(config, { database, log, metricsPort: metricsPort(config) });
    shutdown.add('dev-center', () => center.close());
  },
});

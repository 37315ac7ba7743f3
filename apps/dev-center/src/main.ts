import { storageProblem } from '#gatehouse/database';
import { metricsPort, runApp } from '#gatehouse/platform';
import { type DevCenterConfig, devCenterProblems, devCenterSchema, missingManagerKey } from './config.js';

await runApp({
  name: 'dev-center',
  directory: 'dev-center',
  about:
    'the portal for developers; expires credentials on schedule, and runs "npm run credentials" if the database is embedded',
  schema: devCenterSchema,
  check: (config: DevCenterConfig) => [
    ...devCenterProblems(config),
    ...storageProblem('todo', config),
    ...(config.FUSIONAUTH_MANAGER_KEY ? [] : [missingManagerKey(config)]),
  ],
  async start(config, { log, shutdown }) {
    // Loaded here, so that --help and --check-config need not wait for Nest.
    const { openTodoDatabase } = await import('./context.js');
    const { startDevCenter } = await import('./start-dev-center.js');
    const database = await openTodoDatabase(config, { log, shutdown });
    const devCenter = await startDevCenter(config, { database, log, metricsPort: metricsPort(config) });
    shutdown.add('dev-center', () => devCenter.close());
  },
});

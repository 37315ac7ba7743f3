import { permissionNotes } from '#gatehouse/auth';
import { runApp } from '#gatehouse/platform';
import { forwardAuthProblems, forwardAuthSchema, guardNotes } from './config.js';

await runApp({
  name: 'forward-auth',
  directory: 'forward-auth',
  about: 'tells proxies, at GET /verify, whether a request may pass to the API behind them',
  schema: forwardAuthSchema,
  check: forwardAuthProblems,
  notes: (config) => [...permissionNotes(config), ...guardNotes(config)],
  batchesLog: true,
  async start(config, { log, shutdown }) {
    // Loaded here, so that --help and --check-config need not wait for Nest.
    const { startForwardAuth } = await import('./start-forward-auth.js');
    const server = await startForwardAuth(config, { log });
    shutdown.add('forward-auth', () => server.close());
  },
});

import { permissionNotes } from '#gatehouse/auth';
import { runApp } from '#gatehouse/platform';
import { forwardAuthProblems, forwardAuthSchema, guardNotes } from './config.js';
import { startForwardAuth } from './start-forward-auth.js';

await runApp({
  name: 'forward-auth',
  directory: 'forward-auth',
  about: 'tells proxies, at GET /verify, whether a request may pass to the API behind them',
  schema: forwardAuthSchema,
  check: forwardAuthProblems,
  notes: (config) => [...permissionNotes(config), ...guardNotes(config)],
  batchesLog: true,
  async start(config, { log, shutdown }) {
    const server = await startForwardAuth(config, { log });
    shutdown.add('forward-auth', () => server.close());
  },
});

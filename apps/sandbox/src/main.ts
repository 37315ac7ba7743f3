import { processEnvironment, runApp } from '#gatehouse/platform';
import { sandboxSchema } from './config.js';
import { refusals, startSandbox } from './start-sandbox.js';

await runApp({
  name: 'sandbox',
  about:
    'Stands in for FusionAuth, in development and tests only, set up by the kickstart file that a real one loads.',
  usage: [
    'Each #{ENV.NAME} of the kickstart file is taken from the environment, else made up once and kept in',
    'DATA_DIR/sandbox/secrets.env. GET /_sandbox lists what it can be told to do.',
  ],
  schema: sandboxSchema,
  check: ({ HOST, NODE_ENV }) => refusals(HOST, NODE_ENV),
  async start({ PORT, HOST, DATA_DIR, KICKSTART_FILE }, { log, shutdown }) {
    const sandbox = await startSandbox({
      port: PORT,
      host: HOST,
      dataDir: DATA_DIR,
      log,
      environment: processEnvironment(),
      ...(KICKSTART_FILE === undefined ? {} : { kickstartFile: KICKSTART_FILE }),
    });
    shutdown.add('sandbox', () => sandbox.close());
  },
});

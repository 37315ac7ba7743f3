import { dataDirProblem, processEnvironment, runApp } from '#gatehouse/platform';
import { sandboxSchema } from './config.js';
import { kickstartProblems, refusals, secretNames, startSandbox } from './start-sandbox.js';

await runApp({
  name: 'sandbox',
  directory: 'sandbox',
  about: 'a stand-in for FusionAuth, for development and tests only, set up by the same kickstart file',
  details: [
    '',
    'Each #{ENV.NAME} in the kickstart file comes from the environment, or is generated once and stored in',
    'DATA_DIR/sandbox/secrets.env. GET /_sandbox lists its controls.',
  ],
  schema: sandboxSchema,
  alsoReads: ({ KICKSTART_FILE }) => secretNames(KICKSTART_FILE || undefined),
  check: async ({ HOST, NODE_ENV, KICKSTART_FILE, DATA_DIR }) => [
    ...refusals(HOST, NODE_ENV),
    ...(await kickstartProblems(processEnvironment(), KICKSTART_FILE)),
    ...dataDirProblem(DATA_DIR, 'sandbox'),
  ],
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

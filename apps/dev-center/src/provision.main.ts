import { processEnvironment, runApp } from '#gatehouse/platform';
import { usageOf } from './cli/arguments.js';
import { provisionFaces } from './cli/provision-faces.js';
import { runCli } from './cli/run-cli.js';
import { commandSchema, devCenterProblems } from './config.js';

await runApp({
  name: 'provision',
  directory: 'dev-center',
  about: 'configures any FusionAuth as Gatehouse needs it; safe to run again',
  printsResult: () => true,
  usage: [
    ...usageOf('provision', provisionFaces),
    'Exit codes: 0 done; 1 something is left to do by hand, or --dry-run found differences; 2 wrong usage; 3 FusionAuth',
    'refuses the key; 4 FusionAuth unavailable; 75 data directory in use; 78 bad configuration.',
  ],
  schema: commandSchema,
  check: devCenterProblems,
  start: (config, { args, ...parts }) =>
    runCli('provision', provisionFaces, ['provision', ...args], {
      config,
      environment: processEnvironment(),
      ...parts,
    }),
});

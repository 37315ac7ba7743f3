import { storageProblem } from '#gatehouse/database';
import { processEnvironment, runApp } from '#gatehouse/platform';
import { commandHelp, usageOf } from './cli/arguments.js';
import { credentialFaces } from './cli/faces.js';
import { runCli } from './cli/run-cli.js';
import { commandSchema, devCenterProblems } from './config.js';

/** Tells whether a command opens the database; `--check-config` alone is about all commands. */
const needsDatabase = (name: string) =>
  !Object.hasOwn(credentialFaces, name) || credentialFaces[name]?.command.needsDatabase === true;

const help = commandHelp('credentials', credentialFaces, process.argv.slice(2));

if (help !== undefined) {
  process.stdout.write(help);
} else {
  await runApp({
    name: 'credentials',
    directory: 'dev-center',
    about: 'the life of a client’s credentials: issue, rotate, revoke, review',
    printsResult: () => true,
    usage: [
      ...usageOf('credentials', credentialFaces),
      'Exit codes: 0 done; 1 something needs attention or is held; 2 wrong usage; 3 FusionAuth refuses',
      'our own key; 4 FusionAuth or the database unavailable; 75 data directory in use; 78 bad configuration.',
    ],
    schema: commandSchema,
    check: (config, [name = '']) => [
      ...devCenterProblems(config),
      ...(needsDatabase(name) ? storageProblem('todo', config) : []),
    ],
    start: (config, { args, ...parts }) =>
      runCli('credentials', credentialFaces, args, { config, environment: processEnvironment(), ...parts }),
  });
}

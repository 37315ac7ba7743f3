import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type Arguments,
  createLogger,
  endOnSignal,
  type Environment,
  exitCodes,
  ExitError,
  flagOption,
  option,
  processEnvironment,
  readEnvFile,
  runTool,
} from '#gatehouse/platform';
import { type Sandbox, startSandbox } from '../start-sandbox.js';
import { inTermsOf } from './own-terms.js';
import { peopleOf } from './people.js';

const port = z
  .string()
  .regex(/^\d{1,5}$/, 'must be a number from 0 to 65535')
  .transform(Number)
  .refine((number) => number < 65_536, 'must be a number from 0 to 65535');
const path = z.string().min(1, 'must name a file or directory');

const options = {
  kickstart: option(path.optional(), {
    about:
      'FusionAuth kickstart file that sets up an empty instance; without it one application and four users',
    value: 'FILE',
  }),
  port: option(port.default(9011), {
    about: 'port of 127.0.0.1 to listen on, 0 picks a free one',
    value: 'N',
  }),
  envFile: option(path.optional(), {
    about: 'lines NAME=value for #{ENV.NAME} in the kickstart file; the environment takes precedence',
    value: 'FILE',
  }),
  dataDir: option(path.default('.data'), {
    about: 'stores the instance and its secrets in the directory sandbox below this one',
    value: 'DIR',
  }),
  reset: flagOption('deletes the stored instance and sets up a new one; the secrets stay'),
  version: flagOption('prints the version'),
};

const notes = `A name #{ENV.NAME} without a value gets 32 random bytes, which are stored in DIR/sandbox/secrets.env.
Exit codes: 0 done, 2 wrong arguments, 4 port taken, 75 directory in use, 78 unusable kickstart file or settings, 130 and 143 stopped by a signal.`;

/** Runs the command `gatehouse-sandbox`. Never returns. */
export const runCommand = (version: string): Promise<never> =>
  runTool({
    name: 'gatehouse-sandbox',
    command: 'gatehouse-sandbox',
    about:
      'a stand-in for FusionAuth in development and tests. It is not FusionAuth, nor made by its makers.',
    notes,
    options,
    run: (args) => (args.version ? print(`${version}\n`) : serve(args)),
  });

function print(text: string): Promise<number> {
  process.stdout.write(text);
  return Promise.resolve(exitCodes.done);
}

async function serve({
  kickstart,
  port,
  envFile,
  dataDir,
  reset,
}: Arguments<typeof options>): Promise<number> {
  const directory = join(dataDir, 'sandbox');
  const environment = { ...valuesIn(envFile), ...processEnvironment() };
  const starting = startSandbox({
    ...{ port, dataDir, reset, environment, host: '127.0.0.1' },
    resetAdvice: 'start with --reset',
    log: createLogger('gatehouse-sandbox', 'warn', process.stderr),
    ...(kickstart === undefined ? {} : { kickstartFile: kickstart }),
  });
  const sandbox = await inTermsOf(
    { DATA_DIR: '--data-dir', KICKSTART_FILE: '--kickstart', PORT: '--port' },
    starting,
  );
  endOnSignal(() => sandbox.close());
  await keepOutOfGit(directory);
  await print(await banner(sandbox, directory));
  return new Promise<never>(() => undefined);
}

function valuesIn(file: string | undefined): Environment {
  if (file === undefined) return {};
  const found = readEnvFile(file);
  const problem = found ? found.problem : `${file}: there is no such file`;
  if (problem !== undefined) throw new ExitError(`--env-file: ${problem}.`, exitCodes.badConfiguration);
  return found?.values ?? {};
}

/** Adds a `.gitignore` beside the stored passwords, so that the project's own needs no entry for them. */
async function keepOutOfGit(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  await writeFile(join(directory, '.gitignore'), '*\n');
}

async function banner(sandbox: Sandbox, directory: string): Promise<string> {
  const application = await peopleOf(sandbox)
    .application()
    .catch(() => undefined);
  const rows: [string, string][] = [
    ['OpenID Connect', `${sandbox.url}/.well-known/openid-configuration`],
    ['Controls', `curl ${sandbox.url}/_sandbox`],
    ...(application ? [['Application', `${application.id}  ${application.name}`] as [string, string]] : []),
    ['Secrets', join(directory, 'secrets.env')],
  ];
  return [
    `The sandbox listens at ${sandbox.url}; it is not FusionAuth. Ctrl-C stops it.`,
    ...rows.map(([name, value]) => `  ${name.padEnd(16)}${value}`),
    '',
  ].join('\n');
}

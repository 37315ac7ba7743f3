import { type AppParts, type Environment, exitCodes, ExitError } from '#gatehouse/platform';
import type { Command, CommandIO } from '../commands/command.js';
import type { DevCenterConfig } from '../config.js';
import { createContext, createFusionAuthContext, openTodoDatabase } from '../context.js';
import { isServing, runRemotely } from './client.js';
import { readAddress, type RpcAddress } from './protocol.js';

export interface Caller extends Pick<AppParts, 'log' | 'shutdown'> {
  readonly config: DevCenterConfig;
  /** The variables that the caller has set. */
  readonly environment: Environment;
}

/**
 * Runs a command in the process that has the embedded database, if there is one, or else here. Throws an ExitError 75
 * if the directory is in use by a process that accepts no commands, 78 if that process uses another FusionAuth.
 */
export async function runCommand(
  name: string,
  command: Command,
  args: object,
  io: CommandIO,
  caller: Caller,
): Promise<object> {
  const { config, log, shutdown } = caller;
  const address = await addressFor(command, caller);
  if (address) return runRemotely(address, name, args, io);
  const own: CommandIO = { ...io, beforeExit: (part, close) => shutdown.add(part, close) };
  if (!command.needsDatabase) {
    const context = createFusionAuthContext(config, { log });
    shutdown.add('dev-center', () => context.close());
    return command.execute(args, context, own);
  }
  const context = createContext(config, { database: await openTodoDatabase(config, caller), log });
  shutdown.add('dev-center', () => context.close());
  return command.execute(args, context, own);
}

const ownKeys = ['FUSIONAUTH_BOOTSTRAP_KEY', 'FUSIONAUTH_MANAGER_KEY'].flatMap((name) => [
  name,
  `${name}_FILE`,
]);

const otherWebhook =
  'WEBHOOK_URL has no effect here, because the command runs in the process that has the embedded database open, with the ' +
  'settings of that process. Nothing was changed: set WEBHOOK_URL for that process, or give this command ' +
  'FUSIONAUTH_MANAGER_KEY and FUSIONAUTH_BOOTSTRAP_KEY too.';

/**
 * Returns the address of the process that has the database. Undefined if there is none, and for a command that needs
 * no database and has its own FusionAuth or key. Throws an ExitError 78 if the process uses another FusionAuth, or would
 * set up another webhook.
 */
async function addressFor(
  { needsDatabase }: Command,
  { config, environment }: Caller,
): Promise<RpcAddress | undefined> {
  const address = config.DATABASE_URL ? undefined : readAddress(config.DATA_DIR);
  if (!address) return undefined;
  const elsewhere = Boolean(environment['FUSIONAUTH_URL']) && config.FUSIONAUTH_URL !== address.fusionauthUrl;
  const withOwnKey = ownKeys.some((name) => Boolean(environment[name]));
  if (!needsDatabase && (elsewhere || withOwnKey)) return undefined;
  if (!(await isServing(address))) return undefined;
  if (!needsDatabase && environment['WEBHOOK_URL'] && config.WEBHOOK_URL !== address.webhookUrl)
    throw new ExitError(otherWebhook, exitCodes.badConfiguration);
  if (!elsewhere) return address;
  throw new ExitError(
    `FUSIONAUTH_URL is ${config.FUSIONAUTH_URL}, but the process that has the database in ${config.DATA_DIR} open works ` +
      `with ${address.fusionauthUrl}. Nothing was changed: unset FUSIONAUTH_URL, or set DATA_DIR to the database you mean.`,
    exitCodes.badConfiguration,
  );
}

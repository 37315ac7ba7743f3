import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import {
  defaultKickstartFile,
  fillKickstart,
  fillVariables,
  readKickstart,
} from '#gatehouse/fusionauth/kickstart';
import {
  type Clock,
  type Environment,
  exitCodes,
  ExitError,
  isLoopback,
  listensAt,
  type Logger,
  systemClock,
} from '#gatehouse/platform';
import type { Administrator } from './controls/administrator.js';
import type { Controls } from './controls/controls.js';
import type { GrantedLogIn, GrantedTokens } from './controls/people.js';
import { secretProblems } from './kickstart/secrets.js';
import { openInstance } from './open-instance.js';
import { builtInVariables, newInstallation } from './state/installation.js';
import { lockInstance } from './state/instance-lock.js';
import { stateFileIn } from './state/state-file.js';

export interface SandboxOptions {
  /** 0 picks a free one. */
  readonly port: number;
  /** A loopback address; others are refused. */
  readonly host: string;
  /** The instance and its secrets are stored in the directory `sandbox` below this one; without it, in memory only. */
  readonly dataDir?: string;
  /** Sets up a new instance in place of the stored one; the secrets stay. */
  readonly reset?: boolean;
  /** How to do that, for warnings; by default by deleting the directory. */
  readonly resetAdvice?: string;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly clock?: Clock;
  /** By default deploy/kickstart/kickstart.json. */
  readonly kickstartFile?: string;
  /** The first source of values for `#{ENV.NAME}` in the kickstart file; by default none. */
  readonly environment?: Environment;
}

/** A running sandbox, with the controls of `/_sandbox` as functions. */
export interface Sandbox extends Controls {
  readonly url: string;
  /** The value in use of each `#{ENV.NAME}` in the kickstart file, by name. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly administer: Administrator;
  readonly grantTokens: (logIn: GrantedLogIn) => Promise<GrantedTokens>;
  /** Closes open connections and writes the state. */
  close(): Promise<void>;
}

/**
 * Starts the sandbox and resolves when it is kickstarted and listens. Throws {@link ExitError} 78 in production, for an
 * address that others can reach and for an unusable kickstart file; 4 for a port in use, 75 for a directory in use.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { host, dataDir, environment = {} } = options;
  const [refusal] = refusals(host, environment['NODE_ENV']);
  if (refusal !== undefined) throw new ExitError(refusal, exitCodes.badConfiguration);
  const directory = dataDir === undefined ? undefined : resolve(dataDir, 'sandbox');
  const unlock = directory === undefined ? () => undefined : lockInstance(directory);
  try {
    if (options.reset && directory !== undefined) rmSync(stateFileIn(directory), { force: true });
    const sandbox = await startIn(directory, options);
    return { ...sandbox, close: () => sandbox.close().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}

async function startIn(directory: string | undefined, options: SandboxOptions): Promise<Sandbox> {
  const { port, host, log, environment = {}, clock = systemClock } = options;
  const instance = await openInstance({
    directory,
    kickstartFile: options.kickstartFile ?? defaultKickstartFile(),
    resetAdvice: options.resetAdvice ?? `delete ${directory ?? ''}`,
    environment,
    clock,
    log,
  });
  const { server, controls, administer, grantTokens, secrets } = instance;
  const url = await listensAt(server.server, { port }, server.listen({ port, host })).catch(
    async (error: unknown) => {
      await instance.close();
      throw error;
    },
  );
  log.info({ url }, 'the FusionAuth stand-in listens');
  const inert = controls.withoutEffect();
  if (Object.keys(inert).length > 0) log.info(inert, 'these are stored as sent and have no effect');
  return { ...controls, administer, grantTokens, url, secrets, close: () => instance.close() };
}

/**
 * Returns the reasons why the sandbox cannot start with this kickstart file and the files of secrets in `environment`,
 * regardless of the secrets' values.
 */
export async function kickstartProblems(
  environment: Environment,
  path = defaultKickstartFile(),
): Promise<string[]> {
  try {
    const file = await readKickstart(path);
    // An id is acceptable for every placeholder.
    const madeUp = Object.fromEntries(file.environmentNames.map((name) => [name, randomUUID()]));
    const variables = fillVariables(file, madeUp);
    fillKickstart(file, { ...variables, ...builtInVariables(newInstallation(variables)) }, madeUp);
    return await secretProblems(file.environmentNames, environment);
  } catch (error) {
    if (!(error instanceof ExitError)) throw error;
    return [`KICKSTART_FILE: ${error.message}`];
  }
}

/** Returns the names of the secrets in a kickstart file; none where {@link kickstartProblems} reports a problem. */
export async function secretNames(path = defaultKickstartFile()): Promise<readonly string[]> {
  const file = await readKickstart(path).catch(() => undefined);
  return file?.environmentNames ?? [];
}

/** Returns the reasons why the sandbox does not start with these settings. */
export function refusals(host: string, nodeEnv: string | undefined): string[] {
  return [
    ...(nodeEnv === 'production'
      ? ['NODE_ENV: the sandbox replaces FusionAuth in development only; point FUSIONAUTH_URL at a real one']
      : []),
    ...(isLoopback(host) ? [] : ['HOST: the sandbox listens on this machine only (example: 127.0.0.1)']),
  ];
}

import type { FastifyInstance } from 'fastify';
import { type KickstartFile, readKickstart } from '#gatehouse/fusionauth/kickstart';
import type { Clock, Environment, Logger } from '#gatehouse/platform';
import { addConsole } from './console/console-routes.js';
import { type Administrator, administratorOf } from './controls/administrator.js';
import { type Controls, initialSettings, makeControls, SandboxClock } from './controls/controls.js';
import { type GrantedLogIn, type GrantedTokens, grantTokens } from './controls/people.js';
import { watchRequests } from './controls/request-log.js';
import { type Abilities, addControlRoutes } from './controls/routes.js';
import type { Instance } from './instance.js';
import { kickstarted } from './kickstart/kickstart.js';
import { ignoredNames, resolveSecrets, secretsFileIn } from './kickstart/secrets.js';
import { operations } from './operations/index.js';
import { lackingOperations } from './operations/not-implemented.js';
import { buildServer } from './server.js';
import { watchExpiries } from './state/expired.js';
import type { State } from './state/state.js';
import { inMemoryOnly, loadState, StateFile, stateFileIn, type StateStore } from './state/state-file.js';
import { Courier } from './webhooks/courier.js';

interface InstanceOptions {
  /** The directory that stores the instance and its secrets; undefined keeps them in memory. */
  readonly directory: string | undefined;
  readonly kickstartFile: string;
  /** How to set the instance up again, for warnings. */
  readonly resetAdvice: string;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Logger;
}

interface OpenInstance {
  readonly server: FastifyInstance;
  readonly controls: Controls;
  readonly administer: Administrator;
  readonly grantTokens: (logIn: GrantedLogIn) => Promise<GrantedTokens>;
  readonly secrets: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Opens an instance with its state restored, or kickstarted when it is new; not yet listening. */
export async function openInstance(options: InstanceOptions): Promise<OpenInstance> {
  const { directory, environment, log } = options;
  const file = await readKickstart(options.kickstartFile);
  const restored = directory === undefined ? undefined : await loadState(stateFileIn(directory));
  const secretsFile = directory === undefined ? undefined : secretsFileIn(directory);
  const { secrets, generated } = await resolveSecrets(
    file.environmentNames,
    secretsFile,
    environment,
    restored !== undefined,
  );
  if (!restored) logGenerated(generated, secretsFile, log);

  const clock = new SandboxClock(options.clock);
  const { instance, store } = instanceOf(clock, options);
  const setUp = () => kickstarted(file, secrets, instance);
  let fresh = restored ? undefined : await setUp();
  instance.state = restored ?? structuredClone(fresh as State);
  const server = buildServer(instance);
  const controls = makeControls(instance, clock, operationNames, async () => {
    fresh ??= await setUp();
    instance.state = structuredClone(fresh);
    return instance.save();
  });
  watchRequests(server, instance, controls);
  addControlRoutes(server, controls, abilities);
  const administer = administratorOf(instance);
  addConsole(server, instance, controls, administer, abilities);
  if (restored) await warnOfDifferences(restored, file, secrets, options);
  else await instance.save();
  return {
    ...{ server, controls, secrets, administer },
    grantTokens: (logIn) => grantTokens(instance, logIn),
    close: closeFor(server, instance, store, clock),
  };
}

function logGenerated(names: readonly string[], file: string | undefined, log: Logger): void {
  if (names.length === 0) return;
  log.info({ names, file }, 'generated the values that the kickstart file reads from the environment');
}

/** Returns the function that closes an instance; until it is called, actions send their end events. */
function closeFor(
  server: FastifyInstance,
  instance: Instance,
  store: StateStore,
  clock: SandboxClock,
): () => Promise<void> {
  const stopWatching = watchExpiries(instance, clock);
  return async () => {
    stopWatching();
    instance.courier.close();
    await server.close();
    await instance.courier.settled();
    await store.close();
  };
}

const operationNames = [...new Set(operations.map(({ name }) => name))];
const abilities: Abilities = {
  operations: operationNames,
  withoutEffect: operations.flatMap(({ inert, name }) => (inert ? [name] : [])),
  notImplemented: lackingOperations.map(({ method, path }) => `${method} ${path}`),
};

function instanceOf(
  { now }: SandboxClock,
  { directory, log }: InstanceOptions,
): { readonly instance: Instance; readonly store: StateStore } {
  const instance: Instance = {
    // Until it is restored or set up.
    state: {} as State,
    codes: new Map(),
    deviceCodes: new Map(),
    settings: { ...initialSettings },
    log,
    courier: new Courier(now),
    now,
    changed: () => store.changed(),
    save: () => store.save(),
  };
  const store =
    directory === undefined ? inMemoryOnly : new StateFile(stateFileIn(directory), () => instance.state, log);
  return { instance, store };
}

/**
 * Warns where the kickstart file has changed since the instance was set up: it sets up an empty instance only, as with
 * FusionAuth itself.
 */
async function warnOfDifferences(
  { kickstartDigest }: State,
  { digest }: KickstartFile,
  secrets: Readonly<Record<string, string>>,
  { resetAdvice, environment, log }: InstanceOptions,
): Promise<void> {
  const advice = `${resetAdvice} to set it up again`;
  if (kickstartDigest !== digest)
    log.warn(`the kickstart file has changed since this instance was set up; ${advice}`);

  const names = await ignoredNames(secrets, environment);
  if (names.length > 0) log.warn({ names }, `this instance uses the secrets it was set up with; ${advice}`);
}

import { randomUUID } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import {
  fillKickstart,
  type Kickstart,
  type KickstartFile,
  readKickstart,
} from '#gatehouse/fusionauth/kickstart';
import type { Clock, Environment, Logger } from '#gatehouse/platform';
import { type Controls, initialSettings, makeControls, SandboxClock } from './controls/controls.js';
import { watchRequests } from './controls/request-log.js';
import { addControlRoutes } from './controls/routes.js';
import type { Instance } from './instance.js';
import { addApiKeys, sendRequests } from './kickstart/apply.js';
import { ignoredNames, resolveSecrets, secretsFileIn } from './kickstart/secrets.js';
import { operations } from './operations/index.js';
import { buildServer } from './server.js';
import { emptyState } from './state/empty-state.js';
import type { State } from './state/state.js';
import { loadState, StateFile, stateFileIn } from './state/state-file.js';
import { watchEnds } from './users/ended-actions.js';
import { Courier } from './webhooks/courier.js';

interface InstanceOptions {
  readonly directory: string;
  readonly kickstartFile: string;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Logger;
}

interface OpenInstance {
  readonly server: FastifyInstance;
  readonly controls: Controls;
  readonly secrets: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** An instance with its state restored, or kickstarted when it is new; not yet listening. */
export async function openInstance(options: InstanceOptions): Promise<OpenInstance> {
  const { directory, environment } = options;
  const file = await readKickstart(options.kickstartFile);
  const restored = await loadState(stateFileIn(directory));
  const secretsFile = secretsFileIn(directory);
  const secrets = await resolveSecrets(
    file.environmentNames,
    secretsFile,
    environment,
    restored !== undefined,
  );
  const kickstart = fillKickstart(file, secrets);
  const clock = new SandboxClock(options.clock);
  const blank = () => blankState(kickstart, file, clock.now());
  const { instance, stateFile } = instanceOf(restored ?? (await blank()), clock, options);
  const server = buildServer(instance);
  let fresh: State | undefined;
  const setUp = async (state: State) => {
    instance.state = state;
    await sendRequests(server, kickstart);
    fresh = structuredClone(state);
    await stateFile.save();
  };
  const controls = makeControls(instance, clock, operationNames, async () => {
    if (!fresh) return setUp(await blank());
    instance.state = structuredClone(fresh);
    return stateFile.save();
  });
  watchRequests(server, controls, options.log);
  addControlRoutes(server, controls, operationNames);
  if (restored) await warnOfDifferences(restored, file, secrets, options);
  else await setUp(instance.state);
  controls.requests.clear();
  const close = closeFor(server, instance, clock);
  return { server, controls, secrets, close };
}

/** Returns the function that closes an instance; until then measures tell of their end. */
function closeFor(server: FastifyInstance, instance: Instance, clock: SandboxClock): () => Promise<void> {
  const stopWatching = watchEnds(instance, clock);
  return async () => {
    stopWatching();
    instance.courier.close();
    await server.close();
    await instance.courier.settled();
    await instance.save();
  };
}

const operationNames = [...new Set(operations.map(({ name }) => name))];

function instanceOf(state: State, { now }: SandboxClock, { directory, log }: InstanceOptions) {
  const settings = { ...initialSettings };
  const instance: Instance = {
    state,
    codes: new Map(),
    deviceCodes: new Map(),
    settings,
    log,
    courier: new Courier(now),
    now,
    changed: () => stateFile.changed(),
    save: () => stateFile.save(),
  };
  const stateFile = new StateFile(stateFileIn(directory), () => instance.state, log);
  return { instance, stateFile };
}

async function blankState(kickstart: Kickstart, { digest }: KickstartFile, now: number): Promise<State> {
  const state = await emptyState(kickstart.variables['defaultTenantId'] ?? randomUUID(), now);
  addApiKeys(state, kickstart, now);
  return { ...state, kickstartDigest: digest };
}

/** A kickstart file sets up an empty instance only, as with the real FusionAuth; say so when it has changed since. */
async function warnOfDifferences(
  { kickstartDigest }: State,
  { digest }: KickstartFile,
  secrets: Readonly<Record<string, string>>,
  { directory, environment, log }: InstanceOptions,
): Promise<void> {
  const advice = `remove ${directory} to set it up anew`;
  if (kickstartDigest !== digest)
    log.warn(`the kickstart file has changed since this instance was set up; ${advice}`);

  const names = await ignoredNames(secrets, environment);
  if (names.length > 0) log.warn({ names }, `this instance keeps the secrets it was set up with; ${advice}`);
}

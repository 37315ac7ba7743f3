import { randomUUID } from 'node:crypto';
import { type Clock, type Environment, type Logger } from '#gatehouse/platform';
import type { FastifyInstance } from 'fastify';
import type { Controls } from './controls/controls.js';
import { Faults } from './controls/faults.js';
import { rotateKey, withdrawKey } from './controls/keys.js';
import { RequestLog } from './controls/request-log.js';
import { addControlRoutes } from './controls/routes.js';
import { SandboxClock } from './controls/sandbox-clock.js';
import { watchRequests } from './controls/watch.js';
import { addApiKeys, sendRequests } from './kickstart/apply.js';
import { fillKickstart, readKickstart, type Kickstart } from './kickstart/kickstart-file.js';
import { ignoredNames, resolveSecrets, secretsFileIn } from './kickstart/secrets.js';
import { operations } from './operations/index.js';
import { buildServer, nameOf } from './server.js';
import { emptyState } from './state/empty-state.js';
import { loadState, StateFile, stateFileIn } from './state/state-file.js';
import type { State } from './state/state.js';
import type { Settings, World } from './world.js';

interface InstanceOptions {
  readonly directory: string;
  readonly kickstartFile: string;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly log: Logger;
}

interface Instance {
  readonly server: FastifyInstance;
  readonly controls: Controls;
  readonly secrets: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const initialSettings: Settings = { keyCacheDelaySeconds: 0, tty: false };

/** An instance with its state restored, or kickstarted when it is new; not yet listening. */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const { directory, environment, log } = options;
  const file = await readKickstart(options.kickstartFile);
  const restored = await loadState(stateFileIn(directory));
  const secrets = await resolveSecrets(
    file.environmentNames,
    secretsFileIn(directory),
    environment,
    restored !== undefined,
  );
  const kickstart = fillKickstart(file, secrets);
  const clock = new SandboxClock(options.clock);
  const blank = () => blankState(kickstart, clock.now(), file.digest);
  const stateFile = new StateFile(stateFileIn(directory), () => world.state);
  const world: World = {
    state: restored ?? (await blank()),
    codes: new Map(),
    settings: { ...initialSettings },
    log,
    now: clock.now,
    save: () => stateFile.save(),
  };
  const server = buildServer(world, () => stateFile.changed());
  const kickstartNow = async () => {
    await sendRequests(server, kickstart);
    await stateFile.save();
  };
  const controls = makeControls(world, clock, async () => {
    world.state = await blank();
    await kickstartNow();
  });
  watchRequests(server, controls, nameOf, log);
  addControlRoutes(server, controls, [...operationNames]);
  if (restored) await warnOfDifferences(restored, file.digest, secrets, options);
  else await kickstartNow().then(() => controls.requests.clear());
  return {
    server,
    controls,
    secrets,
    close: async () => {
      await server.close();
      await stateFile.save();
    },
  };
}

const operationNames = new Set(operations.map(({ name }) => name));

async function blankState(kickstart: Kickstart, now: number, digest: string): Promise<State> {
  const state = await emptyState(kickstart.variables['defaultTenantId'] ?? randomUUID(), now);
  addApiKeys(state, kickstart, now);
  state.kickstartDigest = digest;
  return state;
}

function makeControls(world: World, clock: SandboxClock, kickstart: () => Promise<void>): Controls {
  const faults = new Faults(operationNames);
  const requests = new RequestLog();
  return {
    clock,
    faults,
    requests,
    settings: world.settings,
    rotateKey: (kid) => rotateKey(world, kid),
    withdrawKey: (kid) => withdrawKey(world, kid),
    reset: async () => {
      faults.clear();
      clock.reset();
      world.codes.clear();
      Object.assign(world.settings, initialSettings);
      await kickstart();
      requests.clear();
    },
  };
}

/** A kickstart file sets up an empty instance only, as with the real FusionAuth; say so when it has changed since. */
async function warnOfDifferences(
  { kickstartDigest }: State,
  digest: string,
  secrets: Readonly<Record<string, string>>,
  { directory, environment, log }: InstanceOptions,
): Promise<void> {
  const advice = `remove ${directory} to set it up anew`;
  if (kickstartDigest !== digest)
    log.warn(`the kickstart file has changed since this instance was set up; ${advice}`);
  const names = await ignoredNames(secrets, environment);
  if (names.length > 0) log.warn({ names }, `this instance keeps the secrets it was set up with; ${advice}`);
}

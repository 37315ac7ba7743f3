import {
  type Database,
  explainedDatabaseError,
  migrate,
  migrationsOf,
  openDatabase,
} from '#gatehouse/database';
import { type FusionAuthData, fusionAuthData } from '#gatehouse/fusionauth';
import { type FusionAuthControl, fusionAuthControl } from '#gatehouse/fusionauth/control';
import {
  type AppParts,
  type Clock,
  ConfigurationError,
  type Logger,
  type Pause,
  type Secret,
  systemClock,
  systemPause,
} from '#gatehouse/platform';
import { type ClientStore, openClientStore } from './clients/client-store.js';
import { type DevCenterConfig, missingManagerKey } from './config.js';
import { type IssuerName, issuers } from './issuers/index.js';
import type { Issuer } from './issuers/issuer.js';

export interface FusionAuthOptions {
  readonly log: Logger;
  readonly clock?: Clock;
  /** Time limit of a call to FusionAuth; 5 s by default, because nobody else waits for a command. */
  readonly timeoutMs?: number;
  /** How to wait between two questions to FusionAuth. */
  readonly pause?: Pause;
}

export interface ContextOptions extends FusionAuthOptions {
  /** The database of the Todo API, migrated. The caller owns it, and closes it after the context. */
  readonly database: Database;
}

/** The parts of a command that needs FusionAuth only. */
export interface FusionAuthContext {
  readonly config: DevCenterConfig;
  readonly data: FusionAuthData;
  /** Returns FusionAuth's control API with the manager key. Throws a ConfigurationError if that is not set. */
  readonly control: () => FusionAuthControl;
  readonly issuer: (name: IssuerName) => Issuer;
  readonly clock: Clock;
  readonly pause: Pause;
  readonly log: Logger;
  close(): Promise<void>;
}

/** The parts of every other command: FusionAuth and the Todo API's database. */
export interface CommandContext extends FusionAuthContext, Omit<ClientStore, 'close'> {
  readonly database: Database;
}

export function createFusionAuthContext(
  config: DevCenterConfig,
  options: FusionAuthOptions,
): FusionAuthContext {
  const { log, clock = systemClock, pause = systemPause, timeoutMs } = options;
  const data = dataWith(config, config.FUSIONAUTH_API_KEY);
  const control = () => controlWith(config, 'FUSIONAUTH_MANAGER_KEY', timeoutMs);
  const issuer = (name: IssuerName) => issuers[name].create({ control: control(), data, config, clock });
  return { config, data, control, issuer, clock, pause, log, close: () => data.close() };
}

export function createContext(config: DevCenterConfig, options: ContextOptions): CommandContext {
  const fusionAuth = createFusionAuthContext(config, options);
  const { database } = options;
  const store = openClientStore(database, fusionAuth.clock);
  const close = async () => {
    await store.close();
    await fusionAuth.close();
  };
  return { ...fusionAuth, ...store, database, close };
}

/** Opens and migrates the Todo API's database, closed at shutdown. Throws an ExitError if it cannot be used. */
export async function openTodoDatabase(
  { DATABASE_URL: url, DATA_DIR: dataDir }: DevCenterConfig,
  { log, shutdown }: Pick<AppParts, 'log' | 'shutdown'>,
): Promise<Database> {
  const database = await openDatabase({ name: 'todo', url, dataDir, log });
  shutdown.add('database', () => database.close());
  await migrate(database, migrationsOf('todo')).catch((error: unknown) => {
    throw explainedDatabaseError(error);
  });
  return database;
}

const defaultTimeoutMs = 5_000;

const addressOf = (config: DevCenterConfig) => ({
  url: config.FUSIONAUTH_URL,
  tenantId: config.FUSIONAUTH_TENANT_ID,
  applicationId: config.FUSIONAUTH_APPLICATION_ID,
});

/** Returns FusionAuth's data API as the Todo API uses it, with `apiKey` as its own key. */
export const dataWith = (config: DevCenterConfig, apiKey: Secret | undefined): FusionAuthData =>
  fusionAuthData({
    ...addressOf(config),
    probeGroupId: config.FUSIONAUTH_PROBE_GROUP_ID,
    deadlineMs: defaultTimeoutMs,
    apiKey,
  });

/** Returns FusionAuth's control API with one of our keys. Throws a ConfigurationError if that is not set. */
export function controlWith(
  config: DevCenterConfig,
  keyName: 'FUSIONAUTH_MANAGER_KEY' | 'FUSIONAUTH_BOOTSTRAP_KEY',
  timeoutMs = defaultTimeoutMs,
): FusionAuthControl {
  const key = config[keyName];
  if (!key) throw new ConfigurationError([missingManagerKey(config)]);
  return fusionAuthControl({ ...addressOf(config), key, keyName, timeoutMs });
}

/**
 * Returns FusionAuth's control API with the strongest key that is set: the one of the whole instance, or else the
 * manager key.
 */
export const strongestControl = (config: DevCenterConfig): FusionAuthControl =>
  controlWith(
    config,
    config.FUSIONAUTH_BOOTSTRAP_KEY ? 'FUSIONAUTH_BOOTSTRAP_KEY' : 'FUSIONAUTH_MANAGER_KEY',
  );

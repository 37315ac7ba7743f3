import type { Database } from '#gatehouse/database';
import { type FusionAuthData, fusionAuthData } from '#gatehouse/fusionauth';
import { type FusionAuthControl, fusionAuthControl } from '#gatehouse/fusionauth/control';
import { type Clock, ConfigurationError, type Logger, type Secret, systemClock } from '#gatehouse/platform';
import { CenterStore } from './clients/center-store.js';
import type { DevCenterConfig } from './config.js';
import { type IssuerName, issuers } from './issuers/index.js';
import type { Issuer } from './issuers/issuer.js';

export interface CenterParts {
  /** The Todo API's, migrated; not needed for what concerns FusionAuth alone. */
  readonly database?: Database;
  readonly log: Logger;
  readonly clock?: Clock;
  /** The longest that a call to FusionAuth may take; nobody waits behind a command, so it is 5 s unless said otherwise. */
  readonly timeoutMilliseconds?: number;
}

/** What the commands work with. */
export interface Center {
  readonly config: DevCenterConfig;
  /** Both throw where no database was given. */
  readonly database: () => Database;
  readonly store: () => CenterStore;
  readonly data: FusionAuthData;
  /** FusionAuth by the manager key. Throws a ConfigurationError where there is none. */
  readonly control: () => FusionAuthControl;
  readonly issuer: (name: IssuerName) => Issuer;
  readonly clock: Clock;
  readonly log: Logger;
  close(): Promise<void>;
}

const deadlineMilliseconds = 5_000;

export function createCenter(config: DevCenterConfig, parts: CenterParts): Center {
  const { database, log, clock = systemClock, timeoutMilliseconds } = parts;
  const store = database && new CenterStore(database, clock);
  const data = dataFor(config, config.FUSIONAUTH_API_KEY);
  const control = () =>
    controlWith(config, 'FUSIONAUTH_MANAGER_KEY', config.FUSIONAUTH_MANAGER_KEY, timeoutMilliseconds);
  return {
    ...{ config, data, control, clock, log },
    database: () => given(database),
    store: () => given(store),
    issuer: (name) => issuers[name].create({ control: control(), data, config, clock }),
    async close() {
      await store?.close();
      await data.close();
    },
  };
}

function given<T>(part: T | undefined): T {
  if (part === undefined) throw new Error('this command was given no database');
  return part;
}

/** The request side of FusionAuth with one of our keys as our own. */
export const dataFor = (config: DevCenterConfig, apiKey: Secret | undefined): FusionAuthData =>
  fusionAuthData({
    url: config.FUSIONAUTH_URL,
    tenantId: config.FUSIONAUTH_TENANT_ID,
    applicationId: config.FUSIONAUTH_APPLICATION_ID,
    probeGroupId: config.FUSIONAUTH_PROBE_GROUP_ID,
    deadlineMilliseconds,
    apiKey,
  });

/** FusionAuth by one key; `keyName` is the variable that should hold it. */
export function controlWith(
  config: DevCenterConfig,
  keyName: string,
  key: Secret | undefined,
  timeoutMilliseconds = deadlineMilliseconds,
): FusionAuthControl {
  if (!key)
    throw new ConfigurationError([`${keyName}: is required for this command (example: a key of FusionAuth)`]);
  return fusionAuthControl({
    url: config.FUSIONAUTH_URL,
    tenantId: config.FUSIONAUTH_TENANT_ID,
    applicationId: config.FUSIONAUTH_APPLICATION_ID,
    ...{ key, keyName, timeoutMilliseconds },
  });
}

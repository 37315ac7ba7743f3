import { resolve } from 'node:path';
import type { StartConfig } from './config.js';
import { claimPorts } from './ports.js';

export const loopback = '127.0.0.1';

/** Where the parts find each other. */
export interface Places {
  /** The address that the Todo API listens on; the other parts listen on the loopback address only. */
  readonly host: string;
  readonly todoApiPort: number;
  readonly metricsPort: number;
  readonly devCenterPort: number;
  readonly sandboxPort: number;
  readonly pagePort: number;
  readonly smtpPort: number;
  readonly unsubscribePort: number;
  readonly dataDir: string;
  /** A directory of its own gives the Reminder App a fresh ledger. */
  readonly reminderDataDir: string;
}

const portNames = [
  'TODO_API_PORT',
  'TODO_API_METRICS_PORT',
  'DEV_CENTER_PORT',
  'SANDBOX_PORT',
  'MAILBOX_PORT',
  'SMTP_PORT',
  'UNSUBSCRIBE_PORT',
] as const;

type PlaceConfig = Pick<StartConfig, 'HOST' | 'DATA_DIR' | (typeof portNames)[number]>;

/** The places as configured; a port may be 0. */
export function placesIn(config: PlaceConfig): Places {
  const dataDir = resolve(config.DATA_DIR);
  return {
    host: config.HOST,
    todoApiPort: config.TODO_API_PORT,
    metricsPort: config.TODO_API_METRICS_PORT,
    devCenterPort: config.DEV_CENTER_PORT,
    sandboxPort: config.SANDBOX_PORT,
    pagePort: config.MAILBOX_PORT,
    smtpPort: config.SMTP_PORT,
    unsubscribePort: config.UNSUBSCRIBE_PORT,
    dataDir,
    reminderDataDir: dataDir,
  };
}

/** The places with a free port wherever 0 was asked for. Throws an ExitError that names every port that is taken. */
export async function claimPlaces(config: PlaceConfig): Promise<Places> {
  const wanted = Object.fromEntries(portNames.map((name) => [name, config[name]])) as Record<
    (typeof portNames)[number],
    number
  >;
  return placesIn({ ...config, ...(await claimPorts(config.HOST, wanted)) });
}

/** Free places for a system that nobody has to find. */
export const claimAnyPlaces = (dataDir: string): Promise<Places> =>
  claimPlaces({
    HOST: loopback,
    DATA_DIR: dataDir,
    TODO_API_PORT: 0,
    TODO_API_METRICS_PORT: 0,
    DEV_CENTER_PORT: 0,
    SANDBOX_PORT: 0,
    MAILBOX_PORT: 0,
    SMTP_PORT: 0,
    UNSUBSCRIBE_PORT: 0,
  });

import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Database } from '#gatehouse/database';
import {
  type Clock,
  closePart,
  createMetrics,
  type Listening,
  type Logger,
  serveMetrics,
} from '#gatehouse/platform';
import { type Center, createCenter } from './center.js';
import { allCommands } from './commands/index.js';
import type { DevCenterConfig } from './config.js';
import { announceDoor } from './door/door-file.js';
import { type Door, openDoor } from './door/door-server.js';
import { keepSweeping } from './life/sweep.js';

export const CENTER = Symbol('what commands work with');
export const DOOR = Symbol('door for commands');
export const METRICS = Symbol('server of the metrics');
export const SWEEP = Symbol('stops the sweeping of credentials');

export interface DevCenterParts {
  /** The database of the Todo API, migrated. The caller opened it and closes it. */
  readonly database: Database;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Where GET /metrics is served; unset: nowhere. */
  readonly metricsPort?: number;
}

/**
 * The Dev Center at work: a door for commands, and what must be done to credentials when their time has come. At _module
 * destroy_ both end, a sweep that is under way included; _before application shutdown_ connections close.
 */
@Module({})
export class DevCenterModule implements OnModuleDestroy, BeforeApplicationShutdown {
  static forRoot(config: DevCenterConfig, parts: DevCenterParts): DynamicModule {
    return {
      module: DevCenterModule,
      providers: [
        { provide: CENTER, useFactory: () => createCenter(config, parts) },
        { provide: METRICS, useFactory: () => metricsServer(config, parts) },
        // After the metrics: where their port is taken, no door is announced.
        { provide: DOOR, inject: [CENTER, METRICS], useFactory: announcedDoor },
        { provide: SWEEP, inject: [CENTER, DOOR], useFactory: keepSweeping },
      ],
    };
  }

  constructor(
    @Inject(CENTER) private readonly center: Center,
    @Inject(METRICS) private readonly metrics: Listening | undefined,
    @Inject(DOOR) private readonly door: Door,
    @Inject(SWEEP) private readonly rest: ReturnType<typeof keepSweeping>,
  ) {}

  async onModuleDestroy(): Promise<void> {
    await closePart(this.center.log, 'door', () => this.door.close());
    await closePart(this.center.log, 'sweep', () => this.rest());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await closePart(this.center.log, 'center', () => this.center.close());
    await closePart(this.center.log, 'metrics', async () => this.metrics?.close());
  }
}

const metricsServer = async ({ HOST: host }: DevCenterConfig, { metricsPort: port }: DevCenterParts) =>
  port === undefined ? undefined : serveMetrics(createMetrics({ process: true }), { host, port });

/** The door, announced until it closes. Throws an ExitError 4 for a taken port. */
async function announcedDoor(center: Center): Promise<Door> {
  const { HOST: host, PORT: port, DATA_DIR: dataDir } = center.config;
  const door = await openDoor({ host, port, center, commands: allCommands }).catch(async (error: unknown) => {
    await center.close();
    throw error;
  });
  const withdraw = announceDoor(dataDir, door.address);
  return {
    address: door.address,
    close() {
      withdraw();
      return door.close();
    },
  };
}

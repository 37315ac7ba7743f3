import { join } from 'node:path';
import {
  type BeforeApplicationShutdown,
  type DynamicModule,
  Inject,
  Module,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { closePart, createMetrics, type Listening, serveMetrics } from '#gatehouse/platform';
import { commands } from './commands/index.js';
import { addComparisonPages } from './comparison/comparison-pages.js';
import type { DevCenterConfig } from './config.js';
import { type CommandContext, type ContextOptions, createContext } from './context.js';
import { keepSweeping } from './lifecycle/sweep.js';
import { announce } from './local-rpc/protocol.js';
import { type RpcServer, startRpcServer } from './local-rpc/server.js';
import type { HomeAddition } from './portal/home/home-routes.js';
import { addPortal } from './portal/portal.js';

export const CONTEXT = Symbol('what commands work with');
export const RPC = Symbol('server for commands');
export const METRICS = Symbol('server of the metrics');
export const SWEEP = Symbol('stops the sweeping of credentials');

export interface DevCenterParts extends ContextOptions {
  /** The port of GET /metrics; without it metrics are not served. */
  readonly metricsPort?: number;
  /** The panels that a tool adds to the home page. */
  readonly home?: HomeAddition;
  /** Adds pages that take precedence over our own of the same path. */
  readonly pages?: (server: FastifyInstance) => void;
}

/**
 * The running Dev Center: runs commands for other programs of this machine, and expires credentials on schedule. At
 * _module destroy_ both stop, after a sweep in progress; _before application shutdown_ connections close.
 */
@Module({})
export class DevCenterModule implements OnModuleDestroy, BeforeApplicationShutdown {
  static forRoot(config: DevCenterConfig, parts: DevCenterParts): DynamicModule {
    return {
      module: DevCenterModule,
      providers: [
        { provide: CONTEXT, useFactory: () => createContext(config, parts) },
        { provide: METRICS, useFactory: () => metricsServer(config, parts) },
        // After the metrics: if their port is in use, nothing is announced.
        {
          provide: RPC,
          inject: [CONTEXT, METRICS],
          useFactory: (context: CommandContext) => announcedServer(context, parts),
        },
        { provide: SWEEP, inject: [CONTEXT, RPC], useFactory: keepSweeping },
      ],
    };
  }

  constructor(
    @Inject(CONTEXT) private readonly context: CommandContext,
    @Inject(METRICS) private readonly metrics: Listening | undefined,
    @Inject(RPC) private readonly rpc: RpcServer,
    @Inject(SWEEP) private readonly stopSweeping: ReturnType<typeof keepSweeping>,
  ) {}

  async onModuleDestroy(): Promise<void> {
    await closePart(this.context.log, 'local-rpc', () => this.rpc.close());
    await closePart(this.context.log, 'sweep', () => this.stopSweeping());
  }

  async beforeApplicationShutdown(): Promise<void> {
    await closePart(this.context.log, 'context', () => this.context.close());
    await closePart(this.context.log, 'metrics', async () => this.metrics?.close());
  }
}

const metricsServer = async ({ HOST: host }: DevCenterConfig, { metricsPort: port }: DevCenterParts) =>
  port === undefined ? undefined : serveMetrics(createMetrics({ process: true }), { host, port });

/** Starts the server for commands, announced until it closes. Throws an ExitError 4 if the port is in use. */
async function announcedServer(context: CommandContext, parts: DevCenterParts): Promise<RpcServer> {
  const { HOST: host, PORT: port, DATA_DIR: dataDir } = context.config;
  const pages = (to: FastifyInstance) => {
    parts.pages?.(to);
    addComparisonPages(to, join(dataDir, 'comparison'));
    // In a scope of its own: its forms and cookies are not for commands.
    void to.register((scope) => addPortal(scope, context, parts.home));
  };
  const server = await startRpcServer({ host, port, context, commands, pages }).catch(
    async (error: unknown) => {
      await context.close();
      throw error;
    },
  );
  const withdraw = announce(dataDir, server.address);
  return {
    address: server.address,
    close() {
      withdraw();
      return server.close();
    },
  };
}

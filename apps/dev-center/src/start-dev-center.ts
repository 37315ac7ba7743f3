import { NestFactory } from '@nestjs/core';
import { nestLogger } from '#gatehouse/platform';
import type { DevCenterConfig } from './config.js';
import type { CommandContext } from './context.js';
import { CONTEXT, DevCenterModule, type DevCenterParts, RPC } from './dev-center.module.js';
import type { RpcServer } from './local-rpc/server.js';

export interface DevCenter {
  readonly url: string;
  /** What commands work with, for callers in the same process. */
  readonly context: CommandContext;
  close(): Promise<void>;
}

/** Starts the Dev Center; see {@link DevCenterModule}. Throws an ExitError 4 for a taken port. */
export async function startDevCenter(config: DevCenterConfig, parts: DevCenterParts): Promise<DevCenter> {
  const app = await NestFactory.createApplicationContext(DevCenterModule.forRoot(config, parts), {
    logger: nestLogger(parts.log),
    abortOnError: false,
  });
  const { url } = app.get<RpcServer>(RPC).address;
  parts.log.info({ url }, 'the Dev Center listens');
  return { url, context: app.get<CommandContext>(CONTEXT), close: () => app.close() };
}

import { NestFactory } from '@nestjs/core';
import { nestLogger } from '#gatehouse/platform';
import type { CommandIO } from './commands/command.js';
import { commands } from './commands/index.js';
import type { DevCenterConfig } from './config.js';
import type { CommandContext } from './context.js';
import { CONTEXT, DevCenterModule, type DevCenterParts, RPC } from './dev-center.module.js';
import type { RpcServer } from './local-rpc/server.js';

export type { HandOver } from './issuers/issuer.js';
export type { HomeAddition, HomeLink } from './portal/home/home-routes.js';

export interface DevCenter {
  readonly url: string;
  /** Runs a command of `npm run credentials` in this process, as the command line does. */
  run(name: keyof typeof commands, args: object, io: CommandIO): Promise<object>;
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
  const context = app.get<CommandContext>(CONTEXT);
  return {
    url,
    run: (name, args, io) => commands[name].execute(args, context, io),
    close: () => app.close(),
  };
}

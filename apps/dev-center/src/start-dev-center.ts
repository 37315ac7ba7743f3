import { NestFactory } from '@nestjs/core';
import { isLoopback, nestLogger } from '#gatehouse/platform';
import type { CommandIO } from './commands/command.js';
import { commands } from './commands/index.js';
import type { DevCenterConfig } from './config.js';
import type { CommandContext } from './context.js';
import { CONTEXT, DevCenterModule, type DevCenterParts, RPC } from './dev-center.module.js';
import type { RpcServer } from './local-rpc/server.js';

export type { HandOver } from './issuers/issuer.js';
export type { HomeAddition, HomeLink } from './portal/home/home-routes.js';
export { PageProblem } from './portal/pages/page-problem.js';

export interface DevCenter {
  readonly url: string;
  /** Runs a command of `npm run credentials` in this process. */
  run(name: keyof typeof commands, args: object, io: CommandIO): Promise<object>;
  close(): Promise<void>;
}

/** Starts the Dev Center; see {@link DevCenterModule}. Throws an ExitError 4 if the port is in use. */
export async function startDevCenter(config: DevCenterConfig, parts: DevCenterParts): Promise<DevCenter> {
  const app = await NestFactory.createApplicationContext(DevCenterModule.forRoot(config, parts), {
    logger: nestLogger(parts.log),
    abortOnError: false,
  });
  const { url } = app.get<RpcServer>(RPC).address;
  parts.log.info({ url }, 'the Dev Center listens');
  if (leadsElsewhere(config.PUBLIC_URL, url)) {
    parts.log.warn(
      `PUBLIC_URL, to which log-ins return, is ${config.PUBLIC_URL}, but the Dev Center listens at ${url}: set PUBLIC_URL, ` +
        'and run "npm run provision" to register it in FusionAuth',
    );
  }
  const context = app.get<CommandContext>(CONTEXT);
  return {
    url,
    run: (name, args, io) => commands[name].execute(args, context, io),
    close: () => app.close(),
  };
}

/** Tells whether a browser on this machine would be sent to another port; only the operator knows about proxies. */
function leadsElsewhere(publicUrl: string, url: string): boolean {
  const { hostname, port } = new URL(publicUrl);
  return isLoopback(hostname) && port !== new URL(url).port;
}

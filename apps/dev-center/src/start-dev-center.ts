import { NestFactory } from '@nestjs/core';
import { nestLogger } from '#gatehouse/platform';
import type { Center } from './center.js';
import type { DevCenterConfig } from './config.js';
import { CENTER, DevCenterModule, type DevCenterParts, DOOR } from './dev-center.module.js';
import type { Door } from './door/door-server.js';

export interface DevCenter {
  readonly url: string;
  /** What commands work with, for those in the same process. */
  readonly center: Center;
  close(): Promise<void>;
}

/** Starts the Dev Center; see {@link DevCenterModule}. Throws an ExitError 4 for a taken port. */
export async function startDevCenter(config: DevCenterConfig, parts: DevCenterParts): Promise<DevCenter> {
  const context = await NestFactory.createApplicationContext(DevCenterModule.forRoot(config, parts), {
    logger: nestLogger(parts.log),
    abortOnError: false,
  });
  const { url } = context.get<Door>(DOOR).address;
  parts.log.info({ url }, 'the Dev Center listens');
  return { url, center: context.get<Center>(CENTER), close: () => context.close() };
}

import type { DynamicModule, INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { type Logger, nestLogger } from '#gatehouse/platform';

/**
 * Starts a module without an HTTP server; closing the context closes what the module opened. Signals stay with `runApp`,
 * which bounds the time of closing and sets the exit code: Nest's own shutdown hooks would end the process by the signal.
 * Throws what a provider threw.
 */
export const startContext = (module: DynamicModule, log: Logger): Promise<INestApplicationContext> =>
  NestFactory.createApplicationContext(module, { logger: nestLogger(log), abortOnError: false });

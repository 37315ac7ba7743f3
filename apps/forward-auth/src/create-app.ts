import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Authenticator } from '#gatehouse/auth';
import { forwardDoor } from '#gatehouse/auth/forward';
import { webhookRoute } from '#gatehouse/auth/nest';
import { recordAnswers, requestRecorder } from '#gatehouse/http-edge';
import { nestLogger, type Registry } from '#gatehouse/platform';
import type { LastUsed } from '#gatehouse/todo-database';
import { AppModule, type AppParts } from './app.module.js';
import type { ForwardAuthConfig } from './config.js';
import { createAdapter } from './fastify-adapter.js';
import { verifyListener } from './verify-listener.js';

export interface Watched {
  readonly metrics: Registry;
  readonly lastUsed: LastUsed | undefined;
}

/** Creates the Nest application with the listener for `/verify` in front of it; it does not listen. */
export async function createApp(parts: AppParts, watched: Watched): Promise<NestFastifyApplication> {
  const { authenticator, config, log } = parts;
  const { TRUSTED_PROXIES: trustedProxies } = config;
  const record = requestRecorder({ log, ...watched });
  const verify = verifyListener({ door: doorFor(authenticator, config), trustedProxies, record, log });
  const adapter = createAdapter(trustedProxies, verify);
  recordAnswers(adapter.getInstance(), record);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(parts), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(log),
  });
  if (authenticator.receiveWebhook) await app.register(webhookRoute(authenticator));
  return app.init();
}

type DoorConfig = Pick<ForwardAuthConfig, 'TRUSTED_PROXIES' | 'FORWARDED_HEADERS' | 'ROLE_RULES'>;

const doorFor = (authenticator: Authenticator, config: DoorConfig) =>
  forwardDoor(authenticator, {
    trustedProxies: config.TRUSTED_PROXIES,
    headers: config.FORWARDED_HEADERS,
    rules: config.ROLE_RULES,
  });

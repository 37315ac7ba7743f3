import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { webhookRoute } from '#gatehouse/auth/nest';
import { recordAnswers, requestRecorder } from '#gatehouse/http-edge';
import { nestLogger, type Registry } from '#gatehouse/platform';
import { AppModule, type AppParts } from './app.module.js';
import { describeApi } from './http/api-description.js';
import { createAdapter } from './http/fastify-adapter.js';
import { allowOrigins, secureHeaders } from './http/security-headers.js';

/** Creates the Nest application with all its routes; it does not listen. */
export async function createApp(parts: AppParts, metrics: Registry): Promise<NestFastifyApplication> {
  const adapter = createAdapter({
    trustedProxies: parts.config.TRUSTED_PROXIES,
    problemType: parts.address.problemType,
  });
  const server = adapter.getInstance();
  parts.routes.watch(server);
  recordAnswers(server, requestRecorder({ log: parts.log, metrics, lastUsed: parts.lastUsed }));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(parts), adapter, {
    bodyParser: false,
    abortOnError: false,
    logger: nestLogger(parts.log),
  });
  const { DOCS: docs, ALLOWED_ORIGINS: origins } = parts.config;
  secureHeaders(app, { docs });
  if (origins.length > 0) allowOrigins(app, origins);
  if (parts.authenticator.receiveWebhook) await app.register(webhookRoute(parts.authenticator));
  if (docs) {
    parts.description.document = describeApi(app, {
      authenticator: parts.authenticator,
      url: parts.address.link(''),
    });
    SwaggerModule.setup('docs', app, parts.description.document, { raw: false });
  }
  await app.init();
  return app;
}

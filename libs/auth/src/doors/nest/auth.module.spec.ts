import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Body, Controller, type DynamicModule, Get, Injectable, Module, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { createLogger } from '#gatehouse/platform';
import { type KeyServer, startKeyServer } from '../../../../../tools/issuer/src/key-server.js';
import type { Principal } from '../../core/principal.js';
import { createAuthenticator } from '../../create-authenticator.js';
import { readAuthConfig } from '../../settings.js';
import { AuthModule, type AuthModuleOptions } from './auth.module.js';
import type { AuthenticatedRequest } from './authenticated-request.js';
import { CredentialGuard } from './credential.guard.js';
import { CurrentPrincipal } from './decorators.js';

@Controller()
class Invoices {
  @Get() list(@CurrentPrincipal() { email }: Principal) {
    return { email };
  }
  @Post() add(@Body() body: unknown) {
    return { body };
  }
}

const log = createLogger('test', 'silent');
let fusionAuth: KeyServer;
beforeEach(async () => (fusionAuth = await startKeyServer()));
afterEach(() => fusionAuth.close());

const config = () => readAuthConfig({ FUSIONAUTH_URL: fusionAuth.url });

const testing = (guard: DynamicModule) => {
  @Module({ imports: [guard], controllers: [Invoices] })
  class App {}
  return Test.createTestingModule({ imports: [App] });
};

async function start(guard: DynamicModule): Promise<NestFastifyApplication> {
  const module = await testing(guard).compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  await app.init();
  return app;
}

const get = async (app: NestFastifyApplication) =>
  app.inject({ url: '/', headers: { authorization: `Bearer ${await fusionAuth.minter.mint()}` } });

/** Resolves when the guard has closed its connection to FusionAuth. */
async function disconnected(): Promise<void> {
  while ((await fusionAuth.connections()) > 0) await delay(25);
}

describe('an application that imports AuthModule and never calls start()', () => {
  it.each<[string, () => DynamicModule]>([
    ['forRoot', () => AuthModule.forRoot({ config: config(), log })],
    ['forRootAsync', () => AuthModule.forRootAsync({ useFactory: async () => ({ config: config(), log }) })],
  ])('admits a valid token by %s and, once closed, leaves no connection open', async (_name, guard) => {
    const app = await start(guard());
    const answer = await get(app);
    expect([answer.statusCode, answer.json()]).toEqual([200, { email: 'ada@example.com' }]);
    expect(await fusionAuth.connections()).toBeGreaterThan(0);
    await app.close();
    await disconnected();
  });

  it('reads environment variables by forRoot without options', async () => {
    const env = jest.replaceProperty(process, 'env', { FUSIONAUTH_URL: fusionAuth.url, NODE_ENV: 'test' });
    const app = await start(AuthModule.forRoot({ log })).finally(() => env.restore());
    expect((await get(app)).statusCode).toBe(200);
    await app.close();
  });

  it('admits a valid token by register, and leaves the authenticator to its owner', async () => {
    const authenticator = createAuthenticator(config(), { log });
    const app = await start(AuthModule.register(authenticator));
    expect((await get(app)).statusCode).toBe(200);
    await app.close();
    await delay(500);
    expect(await fusionAuth.connections()).toBeGreaterThan(0);
    authenticator.close();
    await disconnected();
  });

  it('starts although FusionAuth does not answer, answers 503 meanwhile, and admits a valid token afterwards', async () => {
    fusionAuth.failing = true;
    const app = await start(AuthModule.forRoot({ config: config(), log }));
    expect((await get(app)).statusCode).toBe(503);
    fusionAuth.failing = false;
    let status = 503;
    while (status === 503) {
      await delay(100);
      status = (await get(app)).statusCode;
    }
    expect(status).toBe(200);
    await app.close();
  });
});

it('an authenticator that is started twice asks FusionAuth once', async () => {
  const authenticator = createAuthenticator(config(), { log });
  expect(authenticator.start()).toBe(authenticator.start());
  await authenticator.start();
  authenticator.close();
});

describe('AuthModule', () => {
  it('takes its options from a factory with injected providers', async () => {
    @Injectable()
    class Settings {
      readonly url = fusionAuth.url;
    }
    @Module({ providers: [Settings], exports: [Settings] })
    class SettingsModule {}
    const app = await start(
      AuthModule.forRootAsync({
        imports: [SettingsModule],
        inject: [Settings],
        useFactory: ({ url }: Settings): AuthModuleOptions => ({
          config: readAuthConfig({ FUSIONAUTH_URL: url }),
          log,
          realm: 'invoices',
          problemType: (code) => `https://docs.example.com/${code}`,
          resourceMetadata: () => 'https://invoices.example.com/metadata',
        }),
      }),
    );
    expect((await get(app)).statusCode).toBe(200);
    const refused = await app.inject({ url: '/' });
    expect(refused.headers['www-authenticate']).toEqual([
      'Bearer realm="invoices", resource_metadata="https://invoices.example.com/metadata"',
    ]);
    expect(refused.json().type).toBe('https://docs.example.com/credential_required');
    await app.close();
  });

  it('does not start with invalid settings, and names them', async () => {
    const guard = AuthModule.forRootAsync({
      // cspell:ignore jwd
      useFactory: () => ({ config: readAuthConfig({ FUSIONAUTH_URL: 'nowhere', AUTH_STRATEGY: 'jwd' }) }),
    });
    await expect(start(guard)).rejects.toThrow(/AUTH_STRATEGY[^]*FUSIONAUTH_URL/);
  });

  it.each(['fastify', 'express'])('lets a test replace our guard with its own, on %s', async (on) => {
    const stranger = {
      canActivate: (context: { switchToHttp(): { getRequest(): AuthenticatedRequest } }) => {
        context.switchToHttp().getRequest().principal = { email: 'test@example.com' } as Principal;
        return true;
      },
    };
    const module = await testing(AuthModule.forRoot({ config: config(), log }))
      .overrideProvider(CredentialGuard)
      .useValue(stranger)
      .compile();
    const app =
      on === 'fastify'
        ? module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false })
        : module.createNestApplication<NestExpressApplication>({ logger: false });
    await app.listen(0, '127.0.0.1');
    const url = await app.getUrl();
    const listed = await fetch(url);
    expect(await listed.json()).toEqual({ email: 'test@example.com' });
    const headers = { 'content-type': 'application/json' };
    const added = await fetch(url, { method: 'POST', headers, body: '{"a":1}' });
    expect([added.status, await added.json()]).toEqual([201, { body: { a: 1 } }]);
    await app.close();
  });
});

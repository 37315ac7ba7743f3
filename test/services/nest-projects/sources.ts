/**
 * Returns the files of a project of `nest new` that these tests change; `extension` is the ending of its relative
 * imports.
 */
export const sources = (extension: '' | '.js'): Record<string, string> => ({
  'app.module.ts': `
import { Module } from '@nestjs/common';
import { AuthModule } from 'gatehouse-auth/nest';
import { AppController } from './app.controller${extension}';
import { AppService } from './app.service${extension}';

@Module({ imports: [AuthModule.forRoot()], controllers: [AppController], providers: [AppService] })
export class AppModule {}
`,
  'app.controller.ts': `
import { Body, Controller, Get, Post } from '@nestjs/common';
import type { Principal } from 'gatehouse-auth';
import { Accept, CurrentPrincipal, Public, RequireRole } from 'gatehouse-auth/nest';
import { factsOf } from 'gatehouse-auth/node';
import { AppService } from './app.service${extension}';

// None of these is a number, which TypeScript knows only where it has found the types: otherwise they would be \`any\`.
// @ts-expect-error
export const subject = (principal: Principal): number => principal.subject;
// @ts-expect-error
export const facts = (...request: Parameters<typeof factsOf>): number => factsOf(...request).address;
// @ts-expect-error
export const accept: number = Accept;

@Controller()
export class AppController {
  constructor(private readonly appService: AppService) {}

  @Public() @Get() getHello(): string {
    return this.appService.getHello();
  }
  @Get('me') me(@CurrentPrincipal() { email }: Principal) {
    return { email };
  }
  @RequireRole('nobody-has-it') @Get('admin') admin() {
    return 'admin';
  }
  @Accept('jwt') @Get('tokens') tokens() {
    return 'tokens';
  }
  @Accept('api-key') @Get('keys') keys() {
    return 'keys';
  }
  @Post('notes') add(@Body() note: unknown) {
    return note;
  }
}
`,
  'app.controller.spec.ts': `
import type { ExecutionContext } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { CredentialGuard } from 'gatehouse-auth/nest';
import { AppModule } from './app.module${extension}';

it('a guard of the test replaces ours', async () => {
  const canActivate = (context: ExecutionContext) => {
    context.switchToHttp().getRequest().principal = { subject: '1', email: 'test@example.com', roles: [] };
    return true;
  };
  const module = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(CredentialGuard)
    .useValue({ canActivate })
    .compile();
  const app = module.createNestApplication();
  await app.listen(0, '127.0.0.1');
  const answer = await fetch((await app.getUrl()) + '/me');
  expect(await answer.json()).toEqual({ email: 'test@example.com' });
  await app.close();
});
`,
});

/** Returns the generated main.ts, changed to listen on loopback and to close the application on request. */
export function onExpress(main: string): string {
  const listens = 'await app.listen(process.env.PORT ?? 3000);';
  if (!main.includes(listens)) throw new Error(`nest new makes another main.ts than it did:\n${main}`);
  return main.replace(
    listens,
    `process.once('SIGTERM', () => void app.close());\n  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');`,
  );
}

/** Returns the same for Fastify. */
export const onFastify = (main: string): string =>
  `import { FastifyAdapter } from '@nestjs/platform-fastify';\n${onExpress(main)}`.replace(
    'create(AppModule)',
    'create(AppModule, new FastifyAdapter())',
  );

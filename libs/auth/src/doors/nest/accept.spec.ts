import { Body, Controller, Get, type INestApplication, Post, UseGuards } from '@nestjs/common';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { guardSettings, startGuardedApp } from '../../../../../test/support/guarded-app.js';
import { principalOf } from '../../../../../test/support/principal.js';
import { buildAuthenticator } from '../../build-authenticator.js';
import { rejected } from '../../core/failure.js';
import type { CredentialStrategy } from '../../core/strategy.js';
import { ApiKeyGuard, EmailTokenGuard, guardAccepting, JwtGuard } from './credential.guard.js';
import { Accept, Public, RequireRole } from './decorators.js';

/** Accepts `good`, sent in a header named after the strategy. */
const strategy = (name: string): CredentialStrategy<string> => ({
  name,
  consumes: [{ in: 'header', name }],
  description: 'a test',
  challenge: { scheme: name },
  extract: (credential) => ({ credential }),
  key: (credential) => credential,
  judge: (credential) =>
    credential === 'good'
      ? { ok: true, principal: principalOf({ subject: name, via: name, roles: ['reader'] }) }
      : rejected('unknown'),
});
const names = ['jwt', 'api-key', 'email-token'];

@Controller()
class Routes {
  @Accept('api-key') @Post('keys') keys(@Body() body: unknown) {
    return { body };
  }
  @UseGuards(ApiKeyGuard) @Post('keys-by-guard') keysByGuard(@Body() body: unknown) {
    return { body };
  }
  @Accept('jwt', 'api-key') @Get('two') two() {
    return 'two';
  }
  @UseGuards(guardAccepting('jwt', 'api-key')) @Get('two-by-guard') twoByGuard() {
    return 'two';
  }
  @Public() @UseGuards(guardAccepting('jwt', 'api-key')) @Get('guard-alone') guardAlone() {
    return 'two';
  }
  @Public() @UseGuards(JwtGuard) @Get('alone/jwt') jwtAlone() {
    return 'one';
  }
  @Public() @UseGuards(ApiKeyGuard) @Get('alone/api-key') apiKeyAlone() {
    return 'one';
  }
  @Public() @UseGuards(EmailTokenGuard) @Get('alone/email-token') emailTokenAlone() {
    return 'one';
  }
  @Accept('jwt') @RequireRole('writer') @Get('writers') writers() {
    return 'written';
  }
  @Public() @Accept('jwt') @Get('public') contradictory() {
    return 'closed';
  }
  @Get('any') any() {
    return 'any';
  }
}

class Shared {
  @Get('shared') shared() {
    return 'shared';
  }
}
@Public()
@Controller('open')
class Open {
  @Accept('jwt') @Get('narrowed') narrowed() {
    return 'narrowed';
  }
}
@Accept('jwt')
@Controller('jwt')
class ForTokens extends Shared {
  @Get() list() {
    return 'listed';
  }
  @Accept('api-key') @Get('keys') keys() {
    return 'nearer';
  }
  @Public() @Get('open') open() {
    return 'open';
  }
}
@Accept('api-key')
@Controller('key')
class ForKeys extends Shared {}

const adapters = { fastify: () => new FastifyAdapter(), express: () => new ExpressAdapter() };

describe.each(['fastify', 'express'] as const)('on %s @Accept()', (platform) => {
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    app = await startGuardedApp<INestApplication>(buildAuthenticator(names.map(strategy), guardSettings()), {
      controllers: [Routes, Open, ForTokens, ForKeys],
      adapter: adapters[platform](),
    });
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  const ask = (path: string, headers: Record<string, string> = {}, body?: string) =>
    fetch(url + path, {
      headers: { 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { method: 'POST', body }),
    });
  const statuses = (path: string) =>
    Promise.all(names.map(async (name) => (await ask(path, { [name]: 'good' })).status));

  it('admits credentials of the strategies that it names, and answers 401 to good ones of the others', async () => {
    expect(await statuses('/any')).toEqual([200, 200, 200]);
    expect(await statuses('/two')).toEqual([200, 200, 401]);
    expect((await ask('/two')).status).toBe(401);
    expect((await ask('/two', { jwt: 'bad' })).status).toBe(401);
  });

  it.each(['/two-by-guard', '/guard-alone'])('narrows as guardAccepting() does at %s', async (path) => {
    expect(await statuses(path)).toEqual([200, 200, 401]);
  });

  it.each(names)('has a guard named after %s, which is closed on a public route too', async (name) => {
    expect(await statuses(`/alone/${name}`)).toEqual(names.map((one) => (one === name ? 200 : 401)));
    expect((await ask(`/alone/${name}`)).status).toBe(401);
  });

  it('answers to another strategy’s credential what the named guard answers', async () => {
    const told = async (path: string) => {
      const answer = await ask(path, { jwt: 'good' }, '{}');
      const body = (await answer.json()) as object;
      return [answer.status, answer.headers.get('www-authenticate'), { ...body, requestId: '' }];
    };
    const answer = await told('/keys');
    expect(answer).toEqual(await told('/keys-by-guard'));
    expect(answer).toEqual([401, expect.stringContaining('api-key realm="test"'), expect.anything()]);
    expect(answer[2]).toMatchObject({ code: 'invalid_token' });
  });

  it('refuses it before the body is read, where Nest can', async () => {
    expect((await ask('/keys', { jwt: 'good' }, '{')).status).toBe(platform === 'fastify' ? 401 : 400);
    expect((await ask('/keys', { 'api-key': 'good' }, '{')).status).toBe(400);
    expect(await (await ask('/keys', { 'api-key': 'good' }, '{"a":1}')).json()).toEqual({ body: { a: 1 } });
  });

  it('checks the strategy first and the role second', async () => {
    expect(await statuses('/writers')).toEqual([403, 401, 401]);
  });

  it('closes what is @Public() in the same place or further away', async () => {
    for (const path of ['/public', '/open/narrowed']) {
      expect((await ask(path)).status).toBe(401);
      expect(await statuses(path)).toEqual([200, 401, 401]);
    }
  });

  it('on a handler overrides that of its controller', async () => {
    expect(await statuses('/jwt')).toEqual([200, 401, 401]);
    expect(await statuses('/jwt/keys')).toEqual([401, 200, 401]);
    expect((await ask('/jwt/open')).status).toBe(200);
  });

  it('applies to a handler that two controllers inherit as each of them says', async () => {
    expect(await statuses('/jwt/shared')).toEqual([200, 401, 401]);
    expect(await statuses('/key/shared')).toEqual([401, 200, 401]);
  });
});

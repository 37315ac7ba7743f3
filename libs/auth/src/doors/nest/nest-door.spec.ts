import { type AddressInfo, connect } from 'node:net';
import { Body, Controller, Get, Post, Req, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { guardSettings, startGuardedApp } from '../../../../../test/support/guarded-app.js';
import { principalOf } from '../../../../../test/support/principal.js';
import { type Authenticator, buildAuthenticator } from '../../build-authenticator.js';
import { rejected, unavailable } from '../../core/failure.js';
import type { Principal } from '../../core/principal.js';
import type { CredentialStrategy, Verdict } from '../../core/strategy.js';
import { bearer, bearerError } from '../../strategies/jwt/bearer.js';
import { JwtGuard } from './credential.guard.js';
import { CurrentPrincipal, Public, RequireRole } from './decorators.js';

const verdicts: Record<string, Verdict> = {
  reader: { ok: true, principal: principalOf({ subject: 'ada', roles: ['todo-reader'] }) },
  stale: rejected('expired'),
  down: unavailable('introspection', { retryAfterSeconds: 3 }),
};
const byName: CredentialStrategy<string> = {
  name: 'jwt',
  consumes: [bearer],
  description: 'a test',
  challenge: { scheme: 'Bearer', error: bearerError },
  extract: (token) => ({ credential: token }),
  key: (token) => token,
  judge(token) {
    verified += 1;
    return verdicts[token] ?? rejected('unknown');
  },
};
let verified = 0;

interface Seen {
  headers: Record<string, unknown>;
  raw: { rawHeaders: string[] };
}

@Controller()
class Routes {
  @Get('closed') closed(@CurrentPrincipal() principal: Principal) {
    return principal;
  }
  @Get('headers') headers(@Req() request: Seen) {
    return { headers: request.headers, raw: request.raw.rawHeaders };
  }
  @Public() @Get('open') open() {
    return 'open';
  }
  @Public() @Get('open-principal') openPrincipal(@CurrentPrincipal() principal: Principal) {
    return principal;
  }
  @RequireRole('todo-reader', 'todo-auditor') @Get('readers') readers() {
    return 'read';
  }
  @RequireRole('todo-writer') @Get('writers') writers() {
    return 'written';
  }
  @Post('closed') write(@Body() body: unknown) {
    return { body };
  }
  @RequireRole('todo-writer') @Post('writers') writeAsWriter() {
    return 'written';
  }
  @Public() @Post('open') writeOpen(@Body() body: unknown) {
    return { body };
  }
  @UseGuards(JwtGuard) @Get('jwt-only') jwtOnly() {
    return 'jwt';
  }
  @Public() @UseGuards(JwtGuard) @Get('public-jwt') publicJwt() {
    return 'jwt';
  }
  @UseGuards(AuthGuard('credential')) @Get('composed-twice') composedTwice(
    @Req() request: { user: Principal },
  ) {
    return request.user;
  }
  @Public() @UseGuards(AuthGuard('credential')) @Get('composed') composed(
    @Req() request: { user: Principal },
  ) {
    return request.user;
  }
}

class Shared {
  @Get('shared') shared() {
    return 'shared';
  }
  @Post('shared') write(@Body() body: unknown) {
    return { body };
  }
}
@Public()
@Controller('open')
class OpenOne extends Shared {
  @RequireRole('todo-writer') @Get('writers') writers() {
    return 'written';
  }
}
@Controller('closed')
class ClosedOne extends Shared {}

class Ruled {
  @Get('ruled') ruled() {
    return 'ruled';
  }
}
@RequireRole('todo-reader')
@Controller('readers')
class ForReaders extends Ruled {}
@RequireRole('todo-writer')
@Controller('writers')
class ForWriters extends Ruled {}

describe('the Nest door', () => {
  let app: NestFastifyApplication;

  beforeAll(async () => {
    const problemType = (code: string) => `https://docs.example/errors/${code}`;
    const controllers = [Routes, OpenOne, ClosedOne, ForReaders, ForWriters];
    app = await startGuardedApp(buildAuthenticator([byName], guardSettings({ problemType })), {
      controllers,
    });
  });

  afterAll(() => app.close());

  const get = (url: string, token?: string) =>
    app.inject({ method: 'GET', url, headers: token ? { authorization: `Bearer ${token}` } : {} });

  it('is closed by default', async () => {
    const answer = await get('/closed');
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.headers['www-authenticate']).toEqual(['Bearer realm="test"']);
    expect(answer.json()).toMatchObject({
      status: 401,
      code: 'credential_required',
      type: 'https://docs.example/errors/credential_required',
    });
  });

  it('lets a public route through, with and without a credential', async () => {
    expect((await get('/open')).body).toBe('open');
    expect((await get('/open', 'stale')).body).toBe('open');
  });

  it('hands the principal to the handler', async () => {
    expect((await get('/closed', 'reader')).json()).toMatchObject({ subject: 'ada', via: 'jwt' });
  });

  it('answers 500 where a public handler asks for the principal that it does not have', async () => {
    expect((await get('/open-principal', 'reader')).statusCode).toBe(500);
  });

  it('removes the credential from the request once it is verified', async () => {
    const { body } = await get('/headers', 'reader');
    expect(body).not.toMatch(/authorization|Bearer/i);
    expect(JSON.parse(body).headers).toHaveProperty('host');
  });

  it('answers 401 with error invalid_token to a refused credential', async () => {
    const answer = await get('/closed', 'stale');
    expect([answer.statusCode, answer.json().code]).toEqual([401, 'invalid_token']);
    expect(answer.headers['www-authenticate']).toEqual(['Bearer realm="test", error="invalid_token"']);
  });

  it('answers 503 with Retry-After, never 401, when the credential cannot be checked', async () => {
    const answer = await get('/closed', 'down');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '3']);
    expect(answer.headers).not.toHaveProperty('www-authenticate');
  });

  it('admits any of the required roles and answers 403 to a principal with none of them', async () => {
    expect((await get('/readers', 'reader')).statusCode).toBe(200);
    const answer = await get('/writers', 'reader');
    expect([answer.statusCode, answer.json().code]).toEqual([403, 'insufficient_scope']);
    expect(answer.headers['www-authenticate']?.[0]).toContain('scope="todo-writer"');
  });

  it('admits through a named guard on top of the global one', async () => {
    expect((await get('/jwt-only', 'reader')).statusCode).toBe(200);
  });

  it('leaves nothing open that names a guard or a role, although it or its controller is public', async () => {
    expect((await get('/public-jwt')).statusCode).toBe(401);
    expect((await get('/public-jwt', 'reader')).statusCode).toBe(200);
    expect((await get('/open/writers')).statusCode).toBe(401);
    expect((await get('/open/writers', 'reader')).statusCode).toBe(403);
  });

  it('works with AuthGuard("credential")', async () => {
    expect((await get('/composed', 'reader')).json()).toMatchObject({ subject: 'ada' });
    expect((await get('/composed-twice', 'reader')).json()).toMatchObject({ subject: 'ada' });
    const refused = await get('/composed', 'down');
    expect([refused.statusCode, refused.json().code]).toEqual([503, 'authentication_unavailable']);
  });

  const post = (url: string, token: string | undefined, payload: string, type = 'application/json') =>
    app.inject({
      method: 'POST',
      url,
      payload,
      headers: { 'content-type': type, ...(token ? { authorization: `Bearer ${token}` } : {}) },
    });

  describe.each([
    ['broken JSON', '{', 'application/json', 400],
    ['a media type that nobody reads', 'x', 'application/x-unknown', 415],
    ['a body that is too large', JSON.stringify('x'.repeat(1_100_000)), 'application/json', 413],
  ])('a request with %s', (_what, payload, type, status) => {
    it('is answered 401 without a credential, 401 with a refused one, and 503 when that cannot be checked', async () => {
      const refused = await post('/closed', undefined, payload, type);
      expect([refused.statusCode, refused.json().code]).toEqual([401, 'credential_required']);
      expect(refused.headers['www-authenticate']).toEqual(['Bearer realm="test"']);
      expect((await post('/closed', 'stale', payload, type)).statusCode).toBe(401);
      expect((await post('/closed', 'down', payload, type)).statusCode).toBe(503);
    });

    it('is answered 403 where the role is missing', async () => {
      expect((await post('/writers', 'reader', payload, type)).json().code).toBe('insufficient_scope');
    });

    it('is refused for its own fault when the credential is valid or not needed', async () => {
      expect((await post('/closed', 'reader', payload, type)).statusCode).toBe(status);
      expect((await post('/open', undefined, payload, type)).statusCode).toBe(status);
    });
  });

  it('reads the body of an admitted caller, and verifies the credential once', async () => {
    verified = 0;
    expect((await post('/closed', 'once', '{"a":1}')).statusCode).toBe(401);
    expect(verified).toBe(1);
    expect((await post('/closed', 'reader', '{"a":1}')).json()).toEqual({ body: { a: 1 } });
    expect((await post('/open', undefined, '{"a":1}')).json()).toEqual({ body: { a: 1 } });
  });

  it('reads the body for a handler that another controller closes, where this one opens it', async () => {
    expect((await post('/open/shared', undefined, '{"a":1}')).json()).toEqual({ body: { a: 1 } });
    expect((await post('/closed/shared', undefined, '{"a":1}')).statusCode).toBe(401);
  });

  it('answers 400 when the header occurs twice on the wire, even if one of them is good', async () => {
    for (const [one, two] of [
      ['reader', 'stale'],
      ['stale', 'reader'],
      ['reader', 'reader'],
    ]) {
      const answer = await raw(
        `GET /closed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${one}\r\nauthorization: Bearer ${two}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toContain('HTTP/1.1 400');
      expect(answer).toContain('"code":"invalid_request"');
    }
  });

  function raw(message: string): Promise<string> {
    const { port } = app.getHttpServer().address() as AddressInfo;
    return new Promise((resolve, reject) => {
      let text = '';
      const socket = connect(port, '127.0.0.1', () => socket.write(message));
      socket.on('data', (chunk) => (text += chunk.toString())).on('end', () => resolve(text));
      socket.on('error', reject);
    });
  }

  it('requires the role of each controller of a handler that two inherit', async () => {
    expect((await get('/readers/ruled', 'reader')).statusCode).toBe(200);
    expect((await get('/writers/ruled', 'reader')).json().code).toBe('insufficient_scope');
  });

  it('applies the rules of each controller to a handler that two inherit', async () => {
    for (let turn = 0; turn < 2; turn += 1) {
      expect((await app.inject({ url: '/open/shared' })).statusCode).toBe(200);
      expect((await app.inject({ url: '/closed/shared' })).statusCode).toBe(401);
    }
  });
});

it('the Nest door names the request to the guard, and sets its headers on an accepted response', async () => {
  const ids: string[] = [];
  const limited: Authenticator = {
    ...buildAuthenticator([byName], guardSettings()),
    authenticate({ requestId }) {
      ids.push(requestId);
      return { verdict: verdicts['reader']!, headers: { RateLimit: '"client";r=9' } };
    },
  };
  const app = await startGuardedApp(limited, { controllers: [Routes] });
  const answer = await app.inject('/closed');
  expect([answer.statusCode, answer.headers['ratelimit']]).toEqual([200, '"client";r=9']);
  expect(ids).toEqual([expect.stringMatching(/^req-/)]);
  await app.close();
});

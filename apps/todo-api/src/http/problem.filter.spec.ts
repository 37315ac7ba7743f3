import { Body, Controller, ForbiddenException, Get, HttpException, Module, Post } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, ProblemError } from '#gatehouse/platform';
import { createAdapter } from './fastify-adapter.js';
import { ProblemFilter } from './problem.filter.js';
import { Routes } from './routes.js';

let thrown: unknown;
let lines: string[] = [];

@Controller('things')
class Throwing {
  @Get()
  get(): never {
    throw thrown;
  }
  @Post()
  post(@Body() body: unknown): unknown {
    return body;
  }
}

const problemType = (code: string) => `https://docs.example/${code}`;
const routes = new Routes();
const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });

@Module({
  controllers: [Throwing],
  providers: [
    {
      provide: APP_FILTER,
      inject: [HttpAdapterHost],
      useFactory: (host: HttpAdapterHost) => new ProblemFilter(host, { problemType, routes, log }),
    },
  ],
})
class ThrowingModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  const adapter = createAdapter({ trustedProxies: [], problemType });
  routes.watch(adapter.getInstance());
  const options = { logger: false, bodyParser: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(ThrowingModule, adapter, options);
  await app.init();
});
afterAll(() => app.close());
beforeEach(() => {
  lines = [];
});

async function after(error: unknown) {
  thrown = error;
  return app.inject('/things');
}
const logged = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
const withFields = (fields: object) => Object.assign(new Error('hunter2'), fields);

describe('the response to an error', () => {
  it('is the thrown problem with its headers, as application/problem+json that must not be stored', async () => {
    const answer = await after(
      new ProblemError(409, 'idempotency_key_in_use', 'In use.', { headers: { 'Retry-After': '1' } }),
    );

    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      type: problemType('idempotency_key_in_use'),
      status: 409,
      detail: 'In use.',
    });
    expect(answer.headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json') as string,
      'cache-control': 'no-store',
      'retry-after': '1',
    });
    expect(lines).toEqual([]);
  });

  it('is 500 for an unexpected error, whose cause is in the log only', async () => {
    const answer = await after(new TypeError('hunter2 is undefined'));

    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ type: problemType('internal_error') });
    expect(answer.body).not.toContain('hunter2');
    expect(logged()).toMatchObject([
      { level: 'error', code: 'internal_error', requestId: answer.headers['x-request-id'] },
    ]);
    expect(lines.join('')).toContain('hunter2 is undefined');
  });

  it.each(['ECONNREFUSED', '57P01', '28P01'])(
    'is 503, and a warning, for the database error %s',
    async (code) => {
      const answer = await after(withFields({ code }));

      expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, expect.any(String)]);
      expect(answer.json()).toMatchObject({ type: problemType('database_unavailable') });
      expect(logged()).toMatchObject([{ level: 'warn', code: 'database_unavailable' }]);
    },
  );

  it.each([
    ['whose client hung up while its body was read', { code: 'ECONNRESET', statusCode: 400 }, 400],
    ['that a plugin of Fastify refuses', { code: 'FST_ERR_X', statusCode: 422 }, 422],
    ['that a part of the framework refuses and says so', { statusCode: 416, expose: true }, 416],
    ['that Nest refuses', new HttpException('no', 409), 409],
    ['for a file with an odd name', new ForbiddenException(), 404],
  ])('is not our failure for a request %s', async (_what, fields, status) => {
    const answer = await after(fields instanceof Error ? fields : withFields(fields));

    expect(answer.statusCode).toBe(status);
    expect(answer.body).not.toContain('hunter2');
    expect(lines).toEqual([]);
  });

  it.each([401, 403, 429])(
    'is 500 for an error that carries the %i of another server’s response to us',
    async (statusCode) => {
      expect((await after(withFields({ statusCode }))).statusCode).toBe(500);
    },
  );

  it('is 404 for an unknown path, and 405 with the allowed methods for another method', async () => {
    expect((await app.inject('/nothing')).json()).toMatchObject({
      status: 404,
      type: problemType('not_found'),
    });

    const answer = await app.inject({ method: 'DELETE', url: '/things?x=1' });
    expect(answer.json()).toMatchObject({ status: 405, type: problemType('method_not_allowed') });
    expect(String(answer.headers['allow']).split(', ').toSorted()).toEqual(['GET', 'HEAD', 'POST']);
  });

  it.each([
    ['{', 'application/json', 400, 'invalid_request'],
    [`"${'x'.repeat(100_001)}"`, 'application/json', 413, 'body_too_large'],
    ['<a/>', 'text/xml', 415, 'unsupported_media_type'],
  ])('says why a body cannot be read: %.5s as %s is %i', async (payload, type, status, code) => {
    const headers = { 'content-type': type };
    const answer = await app.inject({ method: 'POST', url: '/things', payload, headers });

    expect(answer.json()).toMatchObject({ status, type: problemType(code) });
    expect(lines).toEqual([]);
  });
});

import { Controller, Get, Module, Post, StandardSchemaSerializerInterceptor } from '@nestjs/common';
import { APP_INTERCEPTOR, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers } from './answers.js';
import { createAdapter } from './fastify-adapter.js';

const schema = z.object({ id: z.number() });
let result: unknown;

@Controller()
class Answering {
  @Post()
  @Answers(201, schema, {
    summary: 'A new one',
    takes: { 'X-Asked': 'may be asked' },
    gives: { Location: 'where it is' },
  })
  create(): { id: number } {
    return result as { id: number };
  }
  @Get()
  @Answers(204, undefined, { summary: 'Nothing' })
  nothing(): undefined {
    return undefined;
  }
}

@Module({
  controllers: [Answering],
  providers: [{ provide: APP_INTERCEPTOR, useClass: StandardSchemaSerializerInterceptor }],
})
class AnsweringModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  const adapter = createAdapter({ trustedProxies: [], problemType: String });
  const options = { logger: false, bodyParser: false } as const;
  app = await NestFactory.create<NestFastifyApplication>(AnsweringModule, adapter, options);
  await app.init();
});
afterAll(() => app.close());

describe('a response', () => {
  it('has the status that its handler declares', async () => {
    result = { id: 1 };
    expect((await app.inject({ method: 'POST', url: '/' })).statusCode).toBe(201);
    expect((await app.inject('/')).statusCode).toBe(204);
  });

  it('is stripped to its schema, so that no field leaks by accident', async () => {
    result = { id: 1, passwordHash: 'hunter2' };
    expect((await app.inject({ method: 'POST', url: '/' })).json()).toEqual({ id: 1 });
  });

  it('that does not match its schema is not sent, and counts as our failure', async () => {
    result = { id: 'hunter2' };
    const { statusCode, body } = await app.inject({ method: 'POST', url: '/' });
    expect(statusCode).toBe(500);
    expect(body).not.toContain('hunter2');
  });

  it('is described with its status, its summary, and the headers of request and response', () => {
    const { paths } = SwaggerModule.createDocument(app, new DocumentBuilder().build());
    expect(paths['/']?.post).toMatchObject({
      summary: 'A new one',
      parameters: [{ name: 'X-Asked', in: 'header', required: false }],
      responses: { 201: { headers: { Location: { required: true, description: 'where it is' } } } },
    });
    expect(Object.keys(paths['/']?.get?.responses ?? {})).toEqual(['204']);
  });
});

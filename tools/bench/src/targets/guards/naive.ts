import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  Get,
  Injectable,
  Module,
  UnauthorizedException,
  UseGuards,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Pool } from 'undici';
import { answer } from '../answer.js';
import { countCalls } from './calls.js';
import type { GuardSettings, GuardUnderTest } from './guard-under-test.js';

/** The call that FusionAuth is asked for each request. */
interface Question {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/**
 * What one writes first: a guard that asks FusionAuth at every request, over pooled connections, without any layer. The
 * strategy is that of AUTH_STRATEGY.
 */
export function naiveGuard({
  fusionAuthUrl,
  applicationId,
  environment,
}: GuardSettings): Promise<GuardUnderTest> {
  const pool = new Pool(fusionAuthUrl, { connections: 32 });
  const calls = countCalls();
  const question = questionOf(environment ?? {}, applicationId);

  @Injectable()
  class NaiveGuard implements CanActivate {
    async canActivate(context: ExecutionContext): Promise<boolean> {
      const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
      const asked = question(headers.authorization ?? '', String(headers['x-api-key']));
      const { statusCode, body } = await pool.request(asked);
      const text = await body.text();
      if (statusCode !== 200 || text.includes('"active":false')) throw new UnauthorizedException();
      return true;
    }
  }

  @Controller()
  class NaiveController {
    @UseGuards(NaiveGuard)
    @Get('guarded')
    guarded() {
      return answer;
    }
  }

  @Module({})
  class NaiveModule {}

  return Promise.resolve({ module: { module: NaiveModule }, controller: NaiveController, calls });
}

function questionOf(environment: Readonly<Record<string, string>>, applicationId: string) {
  const questions: Record<string, (authorization: string, apiKey: string) => Question> = {
    jwt: (authorization) => ({
      method: 'POST',
      path: '/oauth2/introspect',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token: authorization.slice(7), client_id: applicationId }).toString(),
    }),
    'api-key': (_authorization, apiKey) => ({
      method: 'GET',
      path: `/api/group/${environment['FUSIONAUTH_PROBE_GROUP_ID'] ?? ''}`,
      headers: { authorization: apiKey },
    }),
    'email-token': (authorization) => {
      const [loginId, password] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
      return {
        method: 'POST',
        path: '/api/login',
        headers: { authorization: 'our-own-narrow-key', 'content-type': 'application/json' },
        body: JSON.stringify({ loginId, password, applicationId }),
      };
    },
  };
  const chosen = questions[environment['AUTH_STRATEGY'] ?? 'jwt'];
  if (!chosen) throw new Error('The naive guard knows jwt, api-key and email-token');
  return chosen;
}

import { randomUUID } from 'node:crypto';
import {
  type CanActivate,
  type DynamicModule,
  type ExecutionContext,
  type Type,
  UnauthorizedException,
} from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import {
  type Authenticator,
  type AuthenticatorParts,
  createAuthenticator,
  inProcessRevocations,
  type Revocation,
  revocationKey,
} from '#gatehouse/auth';
import { AuthModule } from '#gatehouse/auth/nest';
import { fusionAuthData } from '#gatehouse/fusionauth';
import { createLogger, createMetrics, Secret } from '#gatehouse/platform';
import { ownKey } from '../../../measure/src/fusionauth-stand-in.js';
import { authConfigOf, type IssuerSettings } from './auth-config.js';

export type GuardName = 'gatehouse' | 'pushed' | 'passport' | 'naive';

/**
 * The modules that an application imports, and the guards of its route `guarded` where the guard is not a global one.
 */
export interface GuardUnderTest {
  readonly imports: (DynamicModule | Type)[];
  readonly guard?: CanActivate | Type<CanActivate>;
}

const guardOf = (issuer: IssuerSettings, more: AuthenticatorParts = {}) =>
  createAuthenticator(authConfigOf(issuer), {
    log: createLogger('target', 'warn'),
    metrics: createMetrics(),
    ...more,
  });

/**
 * Returns the same guard twice, with push revocation for requests whose query is `push`: two processes would differ by
 * more than the effect to measure. It stores 100,000 revocations, all unrelated to the
 * presented tokens.
 */
async function guardWithAndWithoutPush(issuer: IssuerSettings): Promise<Authenticator> {
  const revocations = inProcessRevocations(Date.now);
  await revocations.record(Array.from({ length: 100_000 }, (_, index) => someRevocation(index)));
  const environment = { REVOCATION: 'push', WEBHOOK_KEY_ID: 'of-the-webhooks' };
  const pushed = guardOf({ ...issuer, environment }, { revocations });
  const plain = guardOf(issuer);
  return {
    ...pushed,
    start: async () => {
      await Promise.all([pushed.start(), plain.start()]);
    },
    authenticate: (request, only) =>
      (request.url.endsWith('?push') ? pushed : plain).authenticate(request, only),
  };
}

function someRevocation(index: number): Revocation {
  const id = randomUUID();
  const key = revocationKey(index % 2 ? { kind: 'user', userId: id } : { kind: 'session', sessionId: id });
  return { key, revokedBefore: Date.now(), keepUntil: Date.now() + 3_600_000 };
}

export const guards: Record<GuardName, (issuer: IssuerSettings) => GuardUnderTest | Promise<GuardUnderTest>> =
  {
    /** Our guard, as the README shows it. */
    gatehouse: (issuer) => ({ imports: [AuthModule.register(guardOf(issuer))] }),
    pushed: async (issuer) => ({ imports: [AuthModule.register(await guardWithAndWithoutPush(issuer))] }),
    async passport(issuer) {
      const { passportGuard } = await import('./passport.js');
      return passportGuard(issuer);
    },
    naive: (issuer) => ({ imports: [], guard: naiveGuard(issuer) }),
  };

/**
 * Returns a naive guard, which asks FusionAuth at every request, over pooled connections, without any layer. The
 * strategy is that of AUTH_STRATEGY.
 */
function naiveGuard({ fusionAuthUrl, environment = {}, ...issuer }: IssuerSettings): CanActivate {
  const fusionAuth = fusionAuthData({
    ...issuer,
    url: fusionAuthUrl,
    probeGroupId: environment['FUSIONAUTH_PROBE_GROUP_ID'],
    apiKey: new Secret(ownKey),
    deadlineMs: 60_000,
  });
  const signal = () => AbortSignal.timeout(60_000);
  type Headers = FastifyRequest['headers'];
  const admits: Readonly<Record<string, (headers: Headers) => Promise<boolean>>> = {
    jwt: ({ authorization = '' }) => fusionAuth.introspect(authorization.slice(7), 'user', signal()),
    'api-key': async (headers) =>
      (await fusionAuth.apiKeys.probe(String(headers['x-api-key']), signal())) === 'good',
    'email-token': async ({ authorization = '' }) => {
      const [email = '', token = ''] = Buffer.from(authorization.slice(6), 'base64').toString().split(':');
      const login = { email, token, address: '127.0.0.1' };
      return (await fusionAuth.login(login, signal())).kind === 'accepted';
    },
  };
  const admit = admits[environment['AUTH_STRATEGY'] ?? ''];
  if (!admit) throw new Error('The naive guard knows jwt, api-key and email-token');
  return {
    async canActivate(context: ExecutionContext): Promise<boolean> {
      const { headers } = context.switchToHttp().getRequest<FastifyRequest>();
      if (!(await admit(headers))) throw new UnauthorizedException();
      return true;
    },
  };
}

import { andThen } from '../../core/awaitable.js';
import type { Carrier } from '../../core/carrier.js';
import type { CredentialStrategy } from '../../core/strategy.js';
import type { SharedConfig, StrategyParts } from '../define-strategy.js';
import { bearer, bearerError } from './bearer.js';
import { byIntrospection, bySession, type Confirm } from './confirmation.js';
import { cookies, fromCookie } from './cookie.js';
import { engines } from './engines/index.js';
import { hints } from './hints.js';
import { issuerSource } from './issuer-source.js';
import { tokenJudge } from './judge.js';
import type { JwtConfig } from './jwt.settings.js';
import type { TokenExpectation } from './token-expectation.js';

type Config = SharedConfig & JwtConfig;

/** Accepts FusionAuth access tokens, in `Authorization: Bearer` or in the cookie of FusionAuth's hosted backend. */
export function createJwt(config: Config, parts: StrategyParts): CredentialStrategy<string> {
  const { keys } = parts;
  const issuer = issuerSource(config.FUSIONAUTH_ISSUER, parts);
  const expectation = () => expectationOf(config, issuer.current());
  const engine = engines[config.JWT_ENGINE];
  const { clock } = parts;
  const judgeToken = tokenJudge({ keys, engine, clock, expectation, webhookKeyId: config.WEBHOOK_KEY_ID });
  const hint = hints(parts);
  const common = {
    name: 'jwt',
    consumes: carriersOf(config),
    description: descriptionOf(config),
    challenge: { scheme: bearer.scheme, error: bearerError },
    extract: (held, carrier, request) =>
      carrier.in === 'cookie'
        ? fromCookie(held, carrier.name, request, config.ALLOWED_ORIGINS)
        : { credential: held },
    key: (token) => token,
    judge: (token) => andThen(judgeToken(token), hint),
    background: {
      start: () => Promise.all([issuer.start(), keys.start()]),
      close() {
        issuer.close();
        keys.close();
      },
      catchUp: () => keys.catchUp(),
      generation: () => keys.generation,
      issuer: () => issuer.current(),
      readiness: () => ({
        ...keys.readiness(),
        pending: [...issuer.pending(), ...keys.readiness().pending],
      }),
    },
  } satisfies CredentialStrategy<string>;
  const confirm = confirmationOf(config, parts);
  if (!confirm) return common;
  const hinted: Confirm = async (...question) => hint(await confirm(...question));
  return { ...common, confirm: hinted };
}

/** Returns the carriers that TOKEN_LOCATION and TOKEN_COOKIE name. */
function carriersOf({ TOKEN_LOCATION: where, TOKEN_COOKIE: names }: JwtConfig): [Carrier, ...Carrier[]] {
  const [first, ...others] = where.includes('cookie') ? cookies(names) : [];
  if (first === undefined) return [bearer];
  return where.includes('header') ? [bearer, first, ...others] : [first, ...others];
}

/**
 * Describes the token in OpenAPI. A security scheme names one place, so the text lists the cookies if there are
 * several.
 */
const descriptionOf = ({ TOKEN_LOCATION: where, TOKEN_COOKIE: names }: JwtConfig): string =>
  where.includes('cookie') && names.length > 1
    ? `FusionAuth access token, in one of the cookies ${names.join(', ')}`
    : 'FusionAuth access token';

/** Returns the call to FusionAuth that follows the offline judgement, by JWT_VALIDATION; undefined for `local`. */
function confirmationOf(config: Config, { fusionAuth, clock }: StrategyParts): Confirm | undefined {
  switch (config.JWT_VALIDATION) {
    case 'local':
      return undefined;
    case 'introspection':
      return byIntrospection(fusionAuth.introspect);
    case 'session':
      return bySession({
        records: fusionAuth.records,
        applicationId: config.FUSIONAUTH_APPLICATION_ID,
        entityId: config.FUSIONAUTH_ENTITY_ID,
        clock,
      });
  }
}

function expectationOf(config: Config, issuer: string | undefined): TokenExpectation | undefined {
  return issuer === undefined
    ? undefined
    : {
        issuer,
        applicationId: config.FUSIONAUTH_APPLICATION_ID,
        tenantId: config.FUSIONAUTH_TENANT_ID,
        entityId: config.FUSIONAUTH_ENTITY_ID,
        clockSkewSeconds: config.CLOCK_SKEW_SECONDS,
        maxLifetimeSeconds: config.MAX_TOKEN_LIFETIME_SECONDS,
      };
}

import { type ConfigurationError, createLogger } from '#gatehouse/platform';
import { verifyBy } from '../../../test/support/strategy-under-test.js';
import { applicationId, issuer, tenantId, tokenMinter } from '../../../tools/issuer/src/token-minter.js';
import { permissionNotes, readAuthConfig } from './settings.js';
import type { StrategyParts } from './strategies/define-strategy.js';
import { createJwt } from './strategies/jwt/jwt.strategy.js';
import { KeySource } from './strategies/jwt/key-source.js';

const apiKey = { FUSIONAUTH_PROBE_GROUP_ID: tenantId, PRINCIPAL_KEY: 'a-key-of-thirty-two-letters-or-more' };

describe('ids in capitals in the environment (RFC 9562 section 4)', () => {
  const config = readAuthConfig({
    NODE_ENV: 'development',
    FUSIONAUTH_APPLICATION_ID: applicationId.toUpperCase(),
    FUSIONAUTH_TENANT_ID: tenantId.toUpperCase(),
    FUSIONAUTH_ISSUER: issuer,
  });

  it('accept the tokens of FusionAuth, which writes lower case', async () => {
    const minter = tokenMinter(Date.now);
    const log = createLogger('test', 'silent');
    const fetchKeySet = () => Promise.resolve({ keys: [minter.jwk] });
    const keys = new KeySource({ fetchKeySet, clock: Date.now, log });
    const parts = { keys, fusionAuth: {}, clock: Date.now, log } as unknown as StrategyParts;
    const strategy = createJwt(config, parts);
    const verdict = await verifyBy(strategy, await minter.mint());
    expect(verdict).toMatchObject({ ok: true, principal: { tenantId } });
  });
});

describe('unusable settings', () => {
  it.each([{ AUTH_STRATEGY: 'cookies' }, { REVOCATION: 'push' }])(
    '%j are refused with the page that lists them: an application of somebody else has no --help',
    (settings) => {
      const read = () => readAuthConfig({ NODE_ENV: 'development', ...settings });
      expect(read).toThrow(/^Configuration is not usable:\n(?: {2}.*\n)+The README of gatehouse-auth lists/);
    },
  );
});

describe('REVOCATION push', () => {
  const problemsOf = (environment: Record<string, string>): readonly string[] => {
    try {
      readAuthConfig({ NODE_ENV: 'development', REVOCATION: 'push', ...environment });
      return [];
    } catch (error) {
      return (error as ConfigurationError).problems;
    }
  };
  const WEBHOOK_KEY_ID = 'the-kid';

  it.each<[Record<string, string>, RegExp[]]>([
    [{ WEBHOOK_KEY_ID }, []],
    [{}, [/^WEBHOOK_KEY_ID: is required for REVOCATION push \("npm run provision" prints it\)$/]],
    [{ WEBHOOK_KEY_ID, AUTH_STRATEGY: 'api-key,jwt', ...apiKey }, []],
    [{ WEBHOOK_KEY_ID, AUTH_STRATEGY: 'api-key', ...apiKey }, [/^REVOCATION: push needs jwt/]],
    [{ REVOCATION: 'off' }, []],
  ])('needs access tokens and the key that signs webhooks: %j', (environment, problems) => {
    expect(problemsOf(environment)).toEqual(problems.map((problem) => expect.stringMatching(problem)));
  });
});

describe('what our own key may do', () => {
  const notesOf = (environment: Record<string, string>) =>
    permissionNotes(readAuthConfig({ NODE_ENV: 'development', ...environment }));
  const FUSIONAUTH_API_KEY = 'our-own-key';
  const push = { REVOCATION: 'push', WEBHOOK_KEY_ID: 'the-kid' };
  const log =
    /^FUSIONAUTH_API_KEY may permit GET \/api\/system\/webhook-event-log\/search: then missed events/;
  const sessions =
    /^FUSIONAUTH_API_KEY may permit GET \/api\/jwt\/refresh: then sessions that end without an event/;
  const ofSession = /^FUSIONAUTH_API_KEY must permit GET \/api\/jwt\/refresh, .*, and nothing else\.$/;

  it.each<[Record<string, string>, RegExp[]]>([
    [{}, []],
    [push, []],
    [{ FUSIONAUTH_API_KEY }, [/^FUSIONAUTH_API_KEY is not used/]],
    [{ FUSIONAUTH_API_KEY, ...push }, [log, sessions]],
    [{ FUSIONAUTH_API_KEY, JWT_VALIDATION: 'session' }, [ofSession]],
    [{ FUSIONAUTH_API_KEY, JWT_VALIDATION: 'session', ...push }, [ofSession, log]],
    [
      { FUSIONAUTH_API_KEY, AUTH_STRATEGY: 'api-key', ...apiKey },
      [/^FUSIONAUTH_API_KEY is not used/, /^It may permit GET \/api\/group/],
    ],
  ])('is announced with %j', (environment, notes) => {
    expect(notesOf(environment)).toEqual(notes.map((note) => expect.stringMatching(note)));
  });
});

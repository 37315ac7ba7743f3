import { createLogger } from '#gatehouse/platform';
import { verifyBy } from '../../../test/support/strategy-under-test.js';
import { applicationId, issuer, tenantId, tokenMinter } from '../../../tools/issuer/src/token-minter.js';
import { readAuthConfig } from './settings.js';
import type { StrategyParts } from './strategies/define-strategy.js';
import { createJwt } from './strategies/jwt/jwt.strategy.js';

describe('ids in capitals in the environment (RFC 9562 section 4)', () => {
  const config = readAuthConfig({
    NODE_ENV: 'development',
    FUSIONAUTH_APPLICATION_ID: applicationId.toUpperCase(),
    FUSIONAUTH_TENANT_ID: tenantId.toUpperCase(),
    FUSIONAUTH_ISSUER: issuer,
  });

  it('accept the tokens of FusionAuth, which writes small letters', async () => {
    const minter = tokenMinter(Date.now);
    const fusionAuth = { readKeySet: () => Promise.resolve({ keys: [minter.jwk] }) };
    const log = createLogger('test', 'silent');
    const strategy = createJwt(config, { fusionAuth, clock: Date.now, log } as unknown as StrategyParts);
    const verdict = await verifyBy(strategy, await minter.mint());
    expect(verdict).toMatchObject({ ok: true, principal: { tenantId } });
  });
});

import { createLogger } from '#gatehouse/platform';
import { rejected, unavailable } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import { hints } from './hints.js';

function world() {
  const lines: { level: string; reason: string; msg: string }[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  const state = { now: 0 };
  const hint = hints({ log, clock: () => state.now });
  const refuse = (verdict: Verdict, now = state.now) => {
    state.now = now;
    expect(hint(verdict)).toBe(verdict);
  };
  return { lines, refuse };
}

describe('a refusal that comes from a setting', () => {
  it.each([
    ['symmetric-algorithm', 'accessTokenKeyId'],
    ['webhook-key', 'accessTokenKeyId'],
    ['no-session', 'offline_access'],
    ['lifetime', 'MAX_TOKEN_LIFETIME_SECONDS'],
    ['not-yet-valid', 'NTP'],
    ['issued-in-the-future', 'NTP'],
    ['issuer', 'FUSIONAUTH_ISSUER'],
    ['tenant', 'FUSIONAUTH_TENANT_ID'],
    ['audience', 'FUSIONAUTH_APPLICATION_ID'],
  ])('is logged with its remedy: %s', (reason, cure) => {
    const { lines, refuse } = world();
    refuse(rejected(reason));
    expect(lines).toEqual([
      expect.objectContaining({ level: 'warn', reason, msg: expect.stringContaining(cure) }),
    ]);
  });

  it('is logged once a minute, each by itself', () => {
    const { lines, refuse } = world();
    for (const now of [0, 30_000, 60_000]) refuse(rejected('no-session'), now);
    refuse(rejected('symmetric-algorithm'));
    expect(lines).toHaveLength(2);
    refuse(rejected('no-session'), 60_001);
    expect(lines).toHaveLength(3);
  });

  it.each([rejected('signature'), unavailable('key set')])('is not logged for %j', (verdict) => {
    const { lines, refuse } = world();
    refuse(verdict);
    expect(lines).toEqual([]);
  });
});

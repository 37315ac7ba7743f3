import { createLogger } from '#gatehouse/platform';
import { rejected, unavailable } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import { withHints } from './hints.js';

function world() {
  const lines: { level: string; reason: string; msg: string }[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  const state = { now: 0, verdict: rejected('x') as Verdict };
  const verify = withHints(() => Promise.resolve(state.verdict), { log, clock: () => state.now });
  const refuse = async (verdict: Verdict, now = state.now) => {
    Object.assign(state, { now, verdict });
    expect(await verify('token', AbortSignal.timeout(1_000))).toBe(verdict);
  };
  return { lines, refuse };
}

describe('a refusal that comes from a setting', () => {
  it.each([
    ['symmetric-algorithm', 'accessTokenKeyId'],
    ['no-session', 'offline_access'],
    ['lifetime', 'MAX_TOKEN_LIFETIME_SECONDS'],
    ['not-yet-valid', 'NTP'],
    ['issued-in-the-future', 'NTP'],
    ['issuer', 'FUSIONAUTH_ISSUER'],
    ['tenant', 'FUSIONAUTH_TENANT_ID'],
    ['audience', 'FUSIONAUTH_APPLICATION_ID'],
  ])('is logged with its cure: %s', async (reason, cure) => {
    const { lines, refuse } = world();
    await refuse(rejected(reason));
    expect(lines).toEqual([
      expect.objectContaining({ level: 'warn', reason, msg: expect.stringContaining(cure) }),
    ]);
  });

  it('is logged once a minute, each by itself', async () => {
    const { lines, refuse } = world();
    for (const now of [0, 30_000, 60_000]) await refuse(rejected('no-session'), now);
    await refuse(rejected('symmetric-algorithm'));
    expect(lines).toHaveLength(2);
    await refuse(rejected('no-session'), 60_001);
    expect(lines).toHaveLength(3);
  });

  it.each([rejected('signature'), unavailable('key set')])('is none of %j', async (verdict) => {
    const { lines, refuse } = world();
    await refuse(verdict);
    expect(lines).toEqual([]);
  });
});

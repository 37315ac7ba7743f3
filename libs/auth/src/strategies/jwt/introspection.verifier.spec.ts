import { rejected } from '../../core/failure.js';
import type { Verdict } from '../../core/strategy.js';
import { introspectionVerifier } from './introspection.verifier.js';

const accepted = (kind: 'user' | 'machine'): Verdict => ({
  ok: true,
  principal: { subject: 's', issuer: 'i', kind, via: 'jwt', roles: [], credentialId: 'c' },
});

function world(local: Verdict, active: boolean) {
  const asked: unknown[] = [];
  const verify = introspectionVerifier(
    () => Promise.resolve(local),
    (token, kind) => {
      asked.push([token, kind]);
      return Promise.resolve(active);
    },
  );
  return { asked, verify: () => verify('the-token', AbortSignal.timeout(1_000)) };
}

describe('introspection', () => {
  it.each(['user', 'machine'] as const)(
    'asks about a %s’s token, and accepts what is active',
    async (kind) => {
      const { verify, asked } = world(accepted(kind), true);
      expect(await verify()).toEqual(accepted(kind));
      expect(asked).toEqual([['the-token', kind]]);
    },
  );

  it('refuses what is not active (OA-4)', async () => {
    expect(await world(accepted('user'), false).verify()).toEqual(rejected('inactive'));
  });

  it('does not ask about what the local rule refuses', async () => {
    const { verify, asked } = world(rejected('expired'), true);
    expect(await verify()).toEqual(rejected('expired'));
    expect(asked).toEqual([]);
  });

  it('does not repeat what the screen found good', async () => {
    const verify = introspectionVerifier(
      () => Promise.reject(new Error('judged twice')),
      () => Promise.resolve(true),
    );
    const screened = accepted('user') as Verdict & { ok: true };
    expect(await verify('the-token', AbortSignal.timeout(1_000), screened)).toBe(screened);
  });
});

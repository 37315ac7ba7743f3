import { rejected } from '../../core/failure.js';
import type { Acceptance } from '../../core/strategy.js';
import { byIntrospection } from './introspection.confirmation.js';

const judged = (kind: 'user' | 'machine'): Acceptance => ({
  ok: true,
  principal: { subject: 's', issuer: 'i', kind, via: 'jwt', roles: [], credentialId: 'c' },
});

function world(active: boolean) {
  const asked: unknown[] = [];
  const confirm = byIntrospection((token, kind) => {
    asked.push([token, kind]);
    return Promise.resolve(active);
  });
  return { asked, confirm: (one: Acceptance) => confirm('the-token', AbortSignal.timeout(1_000), one) };
}

describe('introspection', () => {
  it.each(['user', 'machine'] as const)(
    'asks about a %s’s token, and accepts what is active',
    async (kind) => {
      const { confirm, asked } = world(true);
      expect(await confirm(judged(kind))).toEqual(judged(kind));
      expect(asked).toEqual([['the-token', kind]]);
    },
  );

  it('refuses what is not active (OA-4)', async () => {
    expect(await world(false).confirm(judged('user'))).toEqual(rejected('inactive'));
  });
});

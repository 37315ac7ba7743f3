import type { Principal } from '#gatehouse/auth';
import { principalOf } from '../../../../test/support/principal.js';
import type { OwnerRepository } from './owner.repository.js';
import { OwnerResolver } from './owner.resolver.js';

function world() {
  const state = { now: 0, asked: 0 };
  const remember = ({ issuer, kind, subject, email, timeZone }: Principal) => {
    state.asked += 1;
    const id = [issuer, kind, subject].join('/');
    return Promise.resolve({ id, email: email ?? null, timeZone: timeZone ?? null });
  };
  const owners = { remember } as Pick<OwnerRepository, 'remember'> as OwnerRepository;
  return { state, resolver: new OwnerResolver(owners, () => state.now) };
}

describe('the owner of a principal', () => {
  it.each([{ issuer: 'j' }, { kind: 'machine' as const }, { subject: 't' }])(
    'differs with %j',
    async (other) => {
      const { resolver } = world();
      const { id } = await resolver.resolve(principalOf());
      expect((await resolver.resolve(principalOf(other))).id).not.toBe(id);
    },
  );

  it('is looked up once a minute, so that a change of a client’s owner takes effect', async () => {
    const { state, resolver } = world();
    await resolver.resolve(principalOf());
    state.now = 59_999;
    await resolver.resolve(principalOf());
    expect(state.asked).toBe(1);
    state.now = 60_000;
    await resolver.resolve(principalOf());
    expect(state.asked).toBe(2);
  });

  it.each([{ email: 'ada@example.com' }, { timeZone: 'Europe/Berlin' }])(
    'is looked up immediately when the principal has %j',
    async (told) => {
      const { state, resolver } = world();
      await resolver.resolve(principalOf());
      expect(await resolver.resolve(principalOf(told))).toMatchObject(told);
      expect(state.asked).toBe(2);
    },
  );

  it.each([
    [{ email: 'ada@example.com' }, { email: 'ada@example.org' }],
    [{ timeZone: 'Europe/Berlin' }, { timeZone: 'Europe/London' }],
  ])('is looked up immediately when %j becomes %j', async (before, after) => {
    const { state, resolver } = world();
    await resolver.resolve(principalOf(before));
    expect(await resolver.resolve(principalOf(after))).toMatchObject(after);
    expect(state.asked).toBe(2);
  });
});

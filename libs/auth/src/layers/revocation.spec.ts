import { principalOf } from '../../../../test/support/principal.js';
import { type Refusal, rejected } from '../core/failure.js';
import type { Acceptance, Verdict } from '../core/strategy.js';
import { noting, revocable } from './revocation.js';

const caller = { id: 'c', address: '192.0.2.1', known: false };
const accepted: Acceptance = { ok: true, principal: principalOf() };
const ended = rejected('revoked');
const expired = rejected('expired');

describe('the revocation layer', () => {
  it.each<[Verdict, Refusal | undefined, Verdict]>([
    [accepted, undefined, accepted],
    [accepted, ended, ended],
    [expired, ended, expired],
  ])('turns %j and %j into the verdict %j, synchronously or by promise', async (inner, refusal, verdict) => {
    expect(
      revocable(
        () => inner,
        () => refusal,
      )('credential', caller),
    ).toBe(verdict);
    expect(
      await revocable(
        () => Promise.resolve(inner),
        () => refusal,
      )('credential', caller),
    ).toBe(verdict);
  });

  it('checks each time, because a credential accepted a moment ago may be revoked', () => {
    const state: { refusal?: Refusal } = {};
    const check = revocable(
      () => accepted,
      () => state.refusal,
    );
    expect(check('credential', caller)).toBe(accepted);
    state.refusal = ended;
    expect(check('credential', caller)).toBe(ended);
  });

  it('notes acceptances, and nothing else', async () => {
    const noted: Acceptance[] = [];
    const verdicts: Record<string, Verdict> = { good: accepted, bad: expired };
    const judge = noting(
      (name: string) => verdicts[name]!,
      (one) => void noted.push(one),
    );
    const later = noting(
      (name: string) => Promise.resolve(verdicts[name]!),
      (one) => void noted.push(one),
    );
    expect([judge('good', caller), judge('bad', caller)]).toEqual([accepted, expired]);
    expect([await later('good', caller), await later('bad', caller)]).toEqual([accepted, expired]);
    expect(noted).toEqual([accepted, accepted]);
  });
});

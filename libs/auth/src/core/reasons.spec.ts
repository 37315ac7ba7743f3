import { rejected } from './failure.js';
import { each, explain, refusalsFor } from './reasons.js';

const reasons = {
  form: { short: 'it is cut short' },
  times: { expired: 'it has expired', ...each('claim-', ['iat', 'exp'], 'a time is missing') },
};

describe('the reasons of a strategy', () => {
  it.each([
    ['short', { step: 'form', text: 'it is cut short' }],
    ['claim-exp', { step: 'times', text: 'a time is missing' }],
    ['unheard-of', undefined],
    ['toString', undefined],
  ])('%s belongs to %j', (reason, explained) => {
    expect(explain(reasons, reason)).toEqual(explained);
  });

  it('are the only ones that its refusals take', () => {
    const refuse = refusalsFor(reasons);
    expect(refuse.rejected('claim-iat')).toEqual(rejected('claim-iat'));
    expect(refuse.forbidden('short', { roles: ['r'] })).toMatchObject({
      failure: { kind: 'forbidden', reason: 'short', roles: ['r'] },
    });
    // @ts-expect-error -- this reason has no text.
    refuse.rejected('unheard-of');
  });
});

import { keptApart } from './tenants.js';

describe('two tenants are kept apart', () => {
  it('when each accepts its own credentials and refuses the other’s', () => {
    expect(keptApart([200, 200], [401, 401])).toEqual({
      value: true,
      text: 'yes: 200 and 200 at its own, 401 and 401 at the other',
      rating: 'good',
    });
  });

  it.each([
    ['one is accepted by both', [200, 200], [401, 200]],
    ['its own refuses it, so that the refusal by the other says nothing', [401, 200], [401, 401]],
    ['the other cannot say', [200, 200], [503, 401]],
  ])('but not when %s', (_when, own, crossed) => {
    expect(keptApart(own, crossed)).toMatchObject({ value: false, rating: 'poor' });
  });
});

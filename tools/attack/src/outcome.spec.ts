import { holds } from './outcome.js';

describe('the outcome of a run', () => {
  it('fails if the API requested an address that only a token named', () => {
    const results = { hostile: [], legal: [] };
    expect(holds({ ...results, lured: [] })).toBe(true);
    expect(holds({ ...results, lured: ['/lure/jku'] })).toBe(false);
  });
});

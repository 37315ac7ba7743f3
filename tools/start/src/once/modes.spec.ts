import { type StrategyName, strategyNames } from '#gatehouse/auth';
import { sourceNames } from '#gatehouse/credentials';
import { issuersFor } from '../../../../apps/dev-center/src/issuers/index.js';
import { modes } from './modes.js';

describe('the modes that are played', () => {
  it('are every strategy of the guard', () => {
    const played = new Set(modes.map(({ environment }) => environment['AUTH_STRATEGY']));
    expect(strategyNames.filter((name) => !played.has(name))).toEqual([]);
  });

  it('are every source of a client', () => {
    const played = new Set(modes.map(({ source }) => source));
    expect(sourceNames.filter((name) => !played.has(name))).toEqual([]);
  });

  it('have a source for every strategy', () => {
    const without = strategyNames.filter((name) =>
      issuersFor(name).every((one) => !sourceNames.includes(one)),
    );
    expect(without).toEqual([]);
  });

  it('let the active strategy accept what the client presents', () => {
    for (const { source, environment } of modes)
      expect(issuersFor(environment['AUTH_STRATEGY'] as StrategyName)).toContain(source);
  });
});

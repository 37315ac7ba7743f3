import { strategyNames } from '#gatehouse/auth';
import { sourceNames } from '#gatehouse/credentials';
import { modes } from './modes.js';
import { reminderCredentials } from './reminder-credentials.js';

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
    const accepted = new Set(sourceNames.map((name) => reminderCredentials[name].strategy));
    expect(strategyNames.filter((name) => !accepted.has(name))).toEqual([]);
  });

  it('let the strategy in force accept what the client presents', () => {
    for (const { source, environment } of modes)
      expect(reminderCredentials[source].strategy).toBe(environment['AUTH_STRATEGY']);
  });
});

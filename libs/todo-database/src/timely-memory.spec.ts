import type { AuthMemory } from '#gatehouse/auth';
import { databaseUnavailable } from '#gatehouse/database';
import { timelyMemory } from './timely-memory.js';

const silent = new Promise<never>(() => undefined);
const answering: AuthMemory = {
  rolesOfApiKey: (subject) => Promise.resolve([`role of ${subject}`]),
  isKnownPair: (pair) => Promise.resolve(pair === 'known'),
  rememberPair: () => Promise.resolve(),
  forgetPair: () => Promise.resolve(),
  takeAttempt: (loginId, limit, seconds) => Promise.resolve({ taken: `${loginId} ${limit} ${seconds}` }),
  giveBack: () => Promise.reject(new Error('no such attempt')),
};

describe('the guard’s memory on a database that hangs', () => {
  it.each(['rolesOfApiKey', 'isKnownPair', 'rememberPair', 'forgetPair', 'takeAttempt', 'giveBack'] as const)(
    'fails in time at %s, and blames the database',
    async (name) => {
      const memory = timelyMemory({ ...answering, [name]: () => silent }, 20);
      const calls: Record<typeof name, () => Promise<unknown>> = {
        rolesOfApiKey: () => memory.rolesOfApiKey('a'),
        isKnownPair: () => memory.isKnownPair('a'),
        rememberPair: () => memory.rememberPair('a'),
        forgetPair: () => memory.forgetPair('a'),
        takeAttempt: () => memory.takeAttempt('a', 3, 60),
        giveBack: () => memory.giveBack('a', 'b'),
      };
      const error = await calls[name]().catch((reason: unknown) => reason);
      expect((error as Error).message).toBe('timeout: the database did not answer within 20 ms');
      expect(databaseUnavailable(error)).toBe(true);
    },
  );

  it('is unchanged while the database answers', async () => {
    const memory = timelyMemory(answering, 1_000);
    expect(await memory.rolesOfApiKey('x')).toEqual(['role of x']);
    expect(await memory.isKnownPair('known')).toBe(true);
    expect(await memory.takeAttempt('ada', 3, 60)).toEqual({ taken: 'ada 3 60' });
    await expect(memory.giveBack('ada', 'x')).rejects.toThrow('no such attempt');
  });
});

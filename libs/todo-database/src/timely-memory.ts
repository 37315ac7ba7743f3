import type { AuthMemory } from '#gatehouse/auth';

/**
 * Returns the memory with a time limit on each answer. The limit must be shorter than the guard's own deadline:
 * otherwise a database that hangs would look like an unavailable FusionAuth, open the breaker and be reported as
 * such.
 */
export function timelyMemory(memory: AuthMemory, timeoutMs: number): AuthMemory {
  const timely = async <T>(answer: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const fail = () => reject(new Error(`timeout: the database did not answer within ${timeoutMs} ms`));
      timer = setTimeout(fail, timeoutMs);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  };
  return {
    rolesOfApiKey: (subject) => timely(memory.rolesOfApiKey(subject)),
    isKnownPair: (pair) => timely(memory.isKnownPair(pair)),
    rememberPair: (pair) => timely(memory.rememberPair(pair)),
    forgetPair: (pair) => timely(memory.forgetPair(pair)),
    takeAttempt: (loginId, limit, seconds) => timely(memory.takeAttempt(loginId, limit, seconds)),
    giveBack: (loginId, attempt) => timely(memory.giveBack(loginId, attempt)),
  };
}

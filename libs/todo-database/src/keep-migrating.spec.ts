import type { Database } from '#gatehouse/database';
import { createLogger } from '#gatehouse/platform';
import { keepMigrating } from './keep-migrating.js';
import type { TodoStore } from './todo-store.js';

/** Makes a first attempt at a database whose connections fail with the code. */
async function attempt(code: string) {
  const lines: { msg: string; retrySeconds?: number }[] = [];
  const stop = new AbortController();
  const error = Object.assign(new Error('no connection'), { code });
  const begun = keepMigrating({
    database: { pool: { connect: () => Promise.reject(error) }, schema: 'todo' } as unknown as Database,
    store: {} as TodoStore,
    log: createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) }),
    stop: stop.signal,
  });
  try {
    return { outcome: await begun, lines };
  } catch (refusal) {
    return { outcome: refusal, lines };
  } finally {
    stop.abort();
  }
}

describe('a database that cannot be migrated at the start', () => {
  it('is tried again if it gives no answer', async () => {
    const { outcome, lines } = await attempt('ECONNREFUSED');
    expect([outcome, lines]).toEqual([undefined, [expect.objectContaining({ retrySeconds: 2 })]]);
  });

  it('ends the start with 78 if an operator must act first', async () => {
    const { outcome, lines } = await attempt('28P01');
    expect([outcome, lines]).toMatchObject([{ exitCode: 78 }, []]);
  });
});

import type { Principal } from '#gatehouse/auth';
import { createLogger } from '#gatehouse/platform';
import { principalOf } from '../../../test/support/principal.js';
import { LastUsed } from './last-used.js';
import type { Use } from './last-used.repository.js';

const principal = (subject: string, other: Partial<Principal> = {}) => principalOf({ subject, ...other });

function world() {
  const state = { now: 1_000, fails: false, written: [] as Use[][] };
  const write = (uses: readonly Use[]) => {
    if (state.fails) return Promise.reject(new Error('gone'));
    state.written.push(uses.map((use) => ({ ...use })));
    return Promise.resolve();
  };
  const log = createLogger('test', 'silent');
  return { state, lastUsed: new LastUsed({ repository: { write }, clock: () => state.now, log }) };
}

describe('the last use of a credential', () => {
  it('is written once, with its latest instant, under the name of its issuer', async () => {
    const { state, lastUsed } = world();
    lastUsed.note(principal('s'));
    state.now = 2_000;
    lastUsed.note(principal('s'));
    lastUsed.note(principal('m', { kind: 'machine' }));
    await lastUsed.write();
    expect(state.written).toEqual([
      [
        { strategy: 'jwt', subject: 's', at: 2_000 },
        { strategy: 'client-credentials', subject: 'm', at: 2_000 },
      ],
    ]);
    await lastUsed.write();
    expect(state.written.length).toBe(1);
  });

  it('is also recorded for the session, which may belong to a device', async () => {
    const { state, lastUsed } = world();
    lastUsed.note(principal('ada', { sessionId: 'of-a-device' }));
    lastUsed.note(principal('ada', { sessionId: 'of-a-browser' }));
    await lastUsed.write();
    expect(state.written.flat().map(({ strategy, subject }) => [strategy, subject])).toEqual([
      ['jwt', 'ada'],
      ['jwt', 'of-a-device'],
      ['jwt', 'of-a-browser'],
    ]);
  });

  it('is written later if the database is down, and does not replace a later one', async () => {
    const { state, lastUsed } = world();
    state.fails = true;
    lastUsed.note(principal('s'));
    lastUsed.note(principal('t'));
    await lastUsed.write();
    state.now = 9_000;
    lastUsed.note(principal('s'));
    state.fails = false;
    await lastUsed.stop();
    expect(state.written.flat().map(({ subject, at }) => [subject, at])).toEqual([
      ['s', 9_000],
      ['t', 1_000],
    ]);
  });

  it('is stored for ten thousand credentials at most, even while the database is down', async () => {
    const { state, lastUsed } = world();
    const note = (from: number) => {
      for (let index = from; index < from + 10_050; index += 1) lastUsed.note(principal(`s${index}`));
    };
    state.fails = true;
    note(0);
    const writing = lastUsed.write();
    note(9_000);
    await writing;
    state.now = 2_000;
    lastUsed.note(principal('s1'));
    state.fails = false;
    await lastUsed.write();
    expect(state.written[0]?.length).toBe(10_000);
    expect(state.written[0]?.[1]).toMatchObject({ subject: 's1', at: 2_000 });
  });
});

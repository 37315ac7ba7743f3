import { inProcessRevocations } from './revocation-memory.js';

describe('revocations that one process remembers', () => {
  const world = () => {
    const time = { now: 1_000 };
    return { time, memory: inProcessRevocations(() => time.now) };
  };
  const one = { key: 'user:u', revokedBefore: 500, keepUntil: 2_000 };

  it('move forward only, and say how many did', async () => {
    const { memory } = world();
    expect(await memory.record([one, { ...one, key: 'session:s' }])).toBe(2);
    expect(await memory.record([one])).toBe(0);
    expect(await memory.record([{ ...one, revokedBefore: 499 }])).toBe(0);
    expect(await memory.record([{ ...one, revokedBefore: 501 }])).toBe(1);
    const { revocations } = await memory.read();
    expect(revocations).toContainEqual({ ...one, revokedBefore: 501 });
    expect(revocations).toHaveLength(2);
  });

  it('may name a key twice; the latest counts', async () => {
    const { memory } = world();
    expect(await memory.record([{ ...one, revokedBefore: 501 }, one])).toBe(1);
    expect((await memory.read()).revocations).toEqual([{ ...one, revokedBefore: 501 }]);
  });

  it('are read again only where something was recorded since the mark', async () => {
    const { memory } = world();
    await memory.record([one]);
    const { mark } = await memory.read();
    expect((await memory.read(mark)).revocations).toEqual([]);
    await memory.record([{ ...one, key: 'user:v' }]);
    expect((await memory.read(mark)).revocations).toHaveLength(2);
  });

  it('are deleted when they can no longer concern a valid token', async () => {
    const { memory, time } = world();
    await memory.record([one]);
    time.now = 2_000;
    await memory.record([{ ...one, key: 'user:v', keepUntil: 3_000 }]);
    expect((await memory.read()).revocations.map(({ key }) => key)).toEqual(['user:v']);
  });

  it('give a turn only once within its time, and know how far it got', async () => {
    const { memory, time } = world();
    expect(await memory.takeTurn('work', 100)).toEqual({ mine: true, doneUntil: undefined });
    await memory.endTurn('work', 900);
    await memory.endTurn('work', 800);
    time.now += 99;
    expect(await memory.takeTurn('work', 100)).toEqual({ mine: false, doneUntil: 900 });
    time.now += 1;
    expect(await memory.takeTurn('work', 100)).toEqual({ mine: true, doneUntil: 900 });
  });
});

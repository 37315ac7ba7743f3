import { createLogger } from '#gatehouse/platform';
import { actionLookup } from './action-lookup.js';

function world(answer: () => Promise<{ preventsLogin: boolean } | undefined>) {
  const state = { now: 0, asked: [] as string[] };
  const lines: unknown[] = [];
  const log = createLogger('test', 'info', { write: (line) => void lines.push(JSON.parse(line)) });
  const read = (id: string) => (state.asked.push(id), answer());
  const lookUp = actionLookup(read, { clock: () => state.now, log, deadlineMs: 800 });
  return { state, lines, lookUp };
}

describe('whether an action prevents log-in', () => {
  it.each([
    ['FusionAuth says so', () => Promise.resolve({ preventsLogin: true }), true],
    ['FusionAuth says otherwise', () => Promise.resolve({ preventsLogin: false }), false],
    ['FusionAuth knows no such action', () => Promise.resolve(undefined), true],
    ['FusionAuth cannot be asked', () => Promise.reject(new Error('refused')), true],
  ])('where %s', async (_where, answer, prevents) => {
    expect(await world(answer).lookUp('lock')).toBe(prevents);
  });

  it('is logged as unknown only if the look-up fails', async () => {
    const failing = world(() => Promise.reject(new Error('refused')));
    await failing.lookUp('lock');
    expect(failing.lines).toMatchObject([
      { actionId: 'lock', err: { message: 'refused' }, msg: expect.stringContaining('cannot be looked up') },
    ]);
    const absent = world(() => Promise.resolve(undefined));
    await absent.lookUp('lock');
    expect(absent.lines).toEqual([]);
  });

  it('is asked once a minute for each, even when many ask at once', async () => {
    const { state, lookUp } = world(() => Promise.resolve({ preventsLogin: false }));
    await Promise.all([lookUp('lock'), lookUp('lock'), lookUp('hint')]);
    state.now = 59_999;
    await lookUp('lock');
    expect(state.asked).toEqual(['lock', 'hint']);
    state.now = 60_000;
    await lookUp('lock');
    expect(state.asked).toEqual(['lock', 'hint', 'lock']);
  });
});

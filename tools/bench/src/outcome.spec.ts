import { judge } from './outcome.js';

const good = { calls: 1, 'p99 / 20 ms of FusionAuth': 3.14159 };

describe('a goal', () => {
  it('is met when every figure reaches its aim, and its value is the first of them', () => {
    expect(judge('G9', { figures: good, detail: { bursts: 12 } })).toEqual({
      id: 'G9',
      value: 1,
      unit: 'calls',
      goal: 'calls <= 1; p99 / 20 ms of FusionAuth <= 4',
      ok: true,
      detail: { figures: good, bursts: 12 },
    });
    expect(judge('G17', { figures: { 'official client / ours': 2 } }).ok).toBe(true);
  });

  it.each([
    ['G9', { ...good, calls: 2 }],
    ['G9', { ...good, 'p99 / 20 ms of FusionAuth': 4.01 }],
    ['G17', { 'official client / ours': 1.99 }],
    ['G12', { 'ms to recover': Infinity }],
    ['G17', { 'official client / ours': NaN }],
  ] as const)('%s is missed by any figure: %j', (id, figures) => {
    expect(judge(id, { figures }).ok).toBe(false);
    expect(judge(id, { figures, undecided: 'the load was the limit' }).ok).toBe(false);
  });

  it('is judged by what was measured, and says what was not', () => {
    expect(judge('G9', { figures: { calls: 1 } })).toMatchObject({
      ok: true,
      detail: { reason: 'not measured: p99 / 20 ms of FusionAuth' },
    });
  });

  it('is undecided, with the reason, when nothing was measured or the load was the limit', () => {
    expect(judge('G9', { figures: {} })).toMatchObject({ value: null, ok: null });
    const reason = 'the load was the limit';
    expect(judge('G9', { figures: good, undecided: reason })).toMatchObject({ ok: null, detail: { reason } });
  });

  it('treats a figure without an aim as information', () => {
    const figures = { 'NestJS on Fastify, unguarded / Gatehouse on passport-jwt, new tokens': 0.1 };
    expect(judge('G2', { figures }).ok).toBeNull();
  });
});

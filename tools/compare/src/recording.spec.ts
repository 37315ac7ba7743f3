import type { Experiment } from './experiment.js';
import { modes } from './modes.js';
import { Recording } from './recording.js';
import { reportSchema, type SectionId } from './report.js';

const experiment = (id: SectionId): Experiment => ({
  id,
  title: id,
  question: `${id}?`,
  rows: [{ id: 'one', title: 'One', how: 'counted' }],
  run: () => Promise.resolve(),
});

const header = {
  at: '2026-01-01T00:00:00.000Z',
  command: 'npm run compare',
  machine: { cpu: 'a', cores: 2, memoryGb: 4, system: 'b' },
  versions: { gatehouse: '1', node: '24', fusionauth: 'sandbox', database: 'none' },
};

const chosen = modes.slice(0, 2);
const recordingOf = (...ids: SectionId[]) => new Recording(header, chosen, ids.map(experiment));

describe('a recording', () => {
  it('gives a complete report at any moment, with every cell filled or explained', async () => {
    const recording = recordingOf('cost', 'calls', 'lag', 'outage');
    await recording.run('cost', (put) => {
      for (const { id } of chosen) put({ mode: id, row: 'one', value: 1, text: '1' });
      return Promise.resolve();
    });
    await recording.run('calls', (put) => {
      put({ mode: chosen[0]?.id ?? '', row: 'one', value: 2, text: '2' });
      return Promise.reject(new Error('no room'));
    });
    void recording.run('lag', () => new Promise(() => undefined));

    const report = reportSchema.parse(recording.report());
    const told = report.sections.map(({ cells }) => cells.map(({ text, why }) => why ?? text));
    expect(told).toEqual([
      ['1', '1'],
      ['2', 'this experiment failed: no room'],
      Array(2).fill('the run ended while this was being measured'),
      Array(2).fill('the run ended before this was begun'),
    ]);
    expect(report.made).toMatchObject({
      complete: false,
      missing: ['calls: no room', 'lag: interrupted', 'outage: not begun'],
    });
  });

  it('is complete once every experiment is done', async () => {
    const recording = recordingOf('cost');
    await recording.run('cost', () => Promise.resolve());
    expect(recording.report().made).toMatchObject({ complete: true, missing: [] });
    expect(recording.report().sections[0]?.cells[0]?.why).toBe('this experiment gave no figure for it');
  });

  it('refuses a figure for a row that the experiment does not have', async () => {
    const recording = recordingOf('cost');
    await recording.run('cost', (put) => {
      put({ mode: 'jwt/local', row: 'two', text: '' });
      return Promise.resolve();
    });
    expect(recording.trouble('cost')).toBe('cost has no row two');
  });
});

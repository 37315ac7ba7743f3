import { Counter, createMetrics } from '#gatehouse/platform';
import { countsIn, readAuthentications } from './authentications.js';

describe('the counts of the Todo API', () => {
  it('are read from its metrics, by strategy and outcome', async () => {
    const registry = createMetrics({});
    const counter = new Counter({
      name: 'gatehouse_authentications_total',
      help: 'x',
      labelNames: ['via', 'outcome'],
      registers: [registry],
    });
    counter.labels({ via: 'jwt', outcome: 'accepted' }).inc(12);
    counter.labels({ via: 'none', outcome: 'missing' }).inc();
    expect(countsIn(await registry.metrics())).toEqual([
      { via: 'jwt', outcome: 'accepted', count: 12 },
      { via: 'none', outcome: 'missing', count: 1 },
    ]);
  });

  it('are unknown if nothing answers or no address is set', async () => {
    expect(await readAuthentications('http://127.0.0.1:1')).toBeUndefined();
    expect(await readAuthentications(undefined)).toBeUndefined();
  });
});

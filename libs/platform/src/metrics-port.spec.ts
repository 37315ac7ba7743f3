import { metricsPort, metricsPortProblem } from './metrics-port.js';

describe('the port of the metrics', () => {
  it.each([
    [{ PORT: 3_000 }, 9_000],
    [{ PORT: 3_000, METRICS_PORT: 4_000 }, 4_000],
    [{ PORT: 3_000, METRICS_PORT: 0 }, 0],
    [{ PORT: 0 }, 0],
  ])('of %j is %i', (ports, expected) => {
    expect(metricsPort(ports)).toBe(expected);
  });

  it('must be set where the port leaves no room above it', () => {
    expect(metricsPortProblem({ PORT: 59_536 }, 9_003)).toEqual([
      'METRICS_PORT: must be set, because PORT + 6000 is above 65535 (example: 9003)',
    ]);
    expect(metricsPortProblem({ PORT: 59_535 }, 9_003)).toEqual([]);
    expect(metricsPortProblem({ PORT: 59_536, METRICS_PORT: 9_003 }, 9_003)).toEqual([]);
  });

  it('must not be that of the app, unless both pick a free one', () => {
    expect(metricsPortProblem({ PORT: 3_000, METRICS_PORT: 3_000 }, 9_000)).toEqual([
      'METRICS_PORT: must not be the same as PORT (example: 9000)',
    ]);
    expect(metricsPortProblem({ PORT: 0, METRICS_PORT: 0 }, 9_000)).toEqual([]);
  });
});

import { createMetrics } from '#gatehouse/platform';
import type { Outcome } from '../core/authenticator.js';
import { missing, rejected } from '../core/failure.js';
import type { Problem } from './health.js';
import { authMetrics } from './metrics.js';

const request = { requestId: 'r1', address: '192.0.2.1', method: 'GET', url: '/', header: () => [] };

function world() {
  const registry = createMetrics();
  const shown = async (name: string) =>
    (await registry.metrics()).split('\n').filter((line) => line.startsWith(`${name}{`));
  return { metrics: authMetrics(registry), shown };
}

describe('the metrics of the guard', () => {
  it('count every outcome by strategy and kind', async () => {
    const { metrics, shown } = world();
    const outcomes: Outcome[] = [
      { verdict: rejected('expired'), via: 'jwt' },
      { verdict: rejected('unknown-key'), via: 'api-key' },
      { verdict: rejected('signature'), via: 'jwt' },
      { verdict: missing() },
    ];
    for (const outcome of outcomes) expect(await metrics.count(() => outcome)(request)).toBe(outcome);
    expect((await shown('gatehouse_authentications_total')).toSorted()).toEqual([
      'gatehouse_authentications_total{via="api-key",outcome="rejected"} 1',
      'gatehouse_authentications_total{via="jwt",outcome="rejected"} 2',
      'gatehouse_authentications_total{via="none",outcome="missing"} 1',
    ]);
  });

  it('count acceptances by grace', async () => {
    const { metrics, shown } = world();
    metrics.graced('jwt');
    metrics.graced('jwt');
    expect(await shown('gatehouse_graced_total')).toEqual(['gatehouse_graced_total{via="jwt"} 2']);
  });

  it('show the problem of each strategy as it is when they are read', async () => {
    const { metrics, shown } = world();
    let problem: Problem | undefined = 'silent';
    metrics.watch('jwt', { problem: () => problem });
    const lines = (silent: number, refusesUs: number) => [
      `gatehouse_fusionauth_trouble{via="jwt",trouble="silent"} ${silent}`,
      `gatehouse_fusionauth_trouble{via="jwt",trouble="refuses-us"} ${refusesUs}`,
    ];
    expect(await shown('gatehouse_fusionauth_trouble')).toEqual(lines(1, 0));
    problem = 'refuses-us';
    expect(await shown('gatehouse_fusionauth_trouble')).toEqual(lines(0, 1));
    problem = undefined;
    expect(await shown('gatehouse_fusionauth_trouble')).toEqual(lines(0, 0));
  });
});

import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Secret } from '#gatehouse/platform';
import type { HandOver } from '../../issuers/issuer.js';
import type { Issued } from '../../lifecycle/issue.js';
import { Orders } from './orders.js';

const handOver: HandOver = {
  settings: { CREDENTIAL_SOURCE: 'api-key' },
  secret: { name: 'API_KEY', value: new Secret('the-secret') },
};
const issued: Issued = {
  client: 'calendar',
  strategy: 'api-key',
  credential: 'id',
  expiresAt: null,
  settings: handOver.settings,
};

describe('an order for a credential', () => {
  let made: number;
  let takenBack: string[];
  beforeEach(() => {
    made = 0;
    takenBack = [];
  });

  afterEach(() => void jest.useRealTimers());

  /** Issues as the command does: hands over, and revokes what did not arrive. */
  const run: Parameters<Orders['place']>[2] = async ({ report, deliver }) => {
    made += 1;
    report('making it');
    await turn();
    await deliver(handOver).catch((error: unknown) => {
      takenBack.push((error as Error).message);
      throw error;
    });
    return issued;
  };

  it('becomes active when its secret is shown, which happens once', async () => {
    const orders = new Orders();
    await orders.place('ada', 'key', run);
    expect(await orders.look('ada', 'key')).toMatchObject({ state: 'ready', issued, handOver });
    expect(await orders.look('ada', 'key')).toEqual({ state: 'shown', issued });
    expect(takenBack).toEqual([]);
  });

  it('is shown once if two tabs look at the same moment', async () => {
    const orders = new Orders();
    await orders.place('ada', 'key', run);
    const looks = await Promise.all([orders.look('ada', 'key'), orders.look('ada', 'key')]);
    expect(looks.map((look) => look?.state).toSorted()).toEqual(['ready', 'working']);
  });

  it('creates one credential even if it is placed several times, and one for each person', async () => {
    const orders = new Orders();
    await Promise.all([orders.place('ada', 'key', run), orders.place('ada', 'key', run)]);
    expect(made).toBe(1);
    expect(await orders.look('bruno', 'key')).toBeUndefined();
    await orders.place('bruno', 'key', run);
    expect(made).toBe(2);
    await orders.close();
  });

  it('is revoked if the portal stops before its secret was shown', async () => {
    const orders = new Orders();
    await orders.place('ada', 'key', run);
    await orders.close();
    expect(takenBack).toHaveLength(1);
    expect(await orders.look('ada', 'key')).toMatchObject({ state: 'failed' });
  });

  it('is remembered for an hour, and then creates a credential again', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const orders = new Orders();
    await orders.place('ada', 'key', run);
    await orders.look('ada', 'key');
    jest.advanceTimersByTime(3_600_000);
    await orders.place('bruno', 'key', run);
    expect(await orders.look('ada', 'key')).toMatchObject({ state: 'shown' });
    jest.advanceTimersByTime(1);
    await orders.place('bruno', 'another key', run);
    expect(await orders.look('ada', 'key')).toBeUndefined();
    await orders.place('ada', 'key', run);
    expect(made).toBe(4);
    await orders.close();
  });

  it('that failed can be placed again with the same form', async () => {
    const orders = new Orders();
    await orders.place('ada', 'key', () => Promise.reject(new Error('FusionAuth is away')));
    expect(await orders.look('ada', 'key')).toMatchObject({
      state: 'failed',
      error: new Error('FusionAuth is away'),
    });
    expect(orders.isPlaced('ada', 'key')).toBe(false);
    await orders.place('ada', 'key', run);
    expect(await orders.look('ada', 'key')).toMatchObject({ state: 'ready' });
  });

  it('shows no secret if its hand-over could not be recorded', async () => {
    const orders = new Orders();
    await orders.place('ada', 'key', async (io) => {
      await run(io);
      throw new Error('not recorded');
    });
    expect(await orders.look('ada', 'key')).toEqual({ state: 'failed', error: new Error('not recorded') });
  });

  it('that takes long is waited for three seconds, and reports its progress', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'] });
    const orders = new Orders();
    const { promise, resolve } = Promise.withResolvers<Issued>();
    const placed = orders.place('ada', 'key', ({ report }) => {
      report('waiting until FusionAuth accepts the key');
      return promise;
    });
    expect(await orders.look('ada', 'key')).toEqual({
      state: 'working',
      reports: ['waiting until FusionAuth accepts the key'],
    });
    await jest.advanceTimersByTimeAsync(3_000);
    await placed;
    resolve(issued);
    await turn();
    expect(await orders.look('ada', 'key')).toMatchObject({ state: 'shown' });
  });
});

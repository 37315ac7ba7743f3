import { createLogger } from './logger.js';
import { Shutdown } from './shutdown.js';

const log = createLogger('test', 'silent');
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('shutdown', () => {
  it('closes in reverse order, one after the other', async () => {
    const closed: string[] = [];
    const shutdown = new Shutdown(log);
    shutdown.add('database', async () => closed.push('database'));
    shutdown.add('server', async () => {
      await pause(20);
      closed.push('server');
    });
    await shutdown.now();
    expect(closed).toEqual(['server', 'database']);
  });

  it('closes once however often it is asked', async () => {
    let closed = 0;
    const shutdown = new Shutdown(log);
    shutdown.add('part', async () => (closed += 1));
    await Promise.all([shutdown.now(), shutdown.now()]);
    expect(closed).toBe(1);
  });

  it('goes on past a part that throws or hangs', async () => {
    const closed: string[] = [];
    const shutdown = new Shutdown(log, 0.1);
    shutdown.add('last', async () => closed.push('last'));
    shutdown.add('hangs', () => new Promise(() => undefined));
    shutdown.add('throws', () => Promise.reject(new Error('no')));
    await shutdown.now();
    expect(closed).toEqual(['last']);
  });
});

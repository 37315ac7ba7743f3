import { Writable } from 'node:stream';
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

  it('closes once even when asked several times', async () => {
    let closed = 0;
    const shutdown = new Shutdown(log);
    shutdown.add('part', async () => (closed += 1));
    await Promise.all([shutdown.now(), shutdown.now()]);
    expect(closed).toBe(1);
  });

  it('continues past a part that throws or hangs', async () => {
    const closed: string[] = [];
    const shutdown = new Shutdown(log, 0.1);
    shutdown.add('last', async () => closed.push('last'));
    shutdown.add('hangs', () => new Promise(() => undefined));
    shutdown.add('throws', () => Promise.reject(new Error('no')));
    await shutdown.now();
    expect(closed).toEqual(['last']);
  });

  it('names in the log what threw and what hung', async () => {
    let text = '';
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      },
    });
    const shutdown = new Shutdown(createLogger('test', 'error', sink), 0.05);
    shutdown.add('hangs', () => new Promise(() => undefined));
    shutdown.add('throws', () => Promise.reject(new Error('no')));
    await shutdown.now();
    expect(text).toMatch(/"part":"throws".*could not be closed[^]*"part":"hangs".*did not close in time/);
    expect(text.trim().split('\n')).toHaveLength(2);
  });

  it('takes its limit once for all parts, not for each', async () => {
    const shutdown = new Shutdown(log, 0.2);
    for (const part of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'])
      shutdown.add(part, () => new Promise(() => undefined));
    const begun = performance.now();
    await shutdown.now();
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
});

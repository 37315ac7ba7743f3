import { jest } from '@jest/globals';
import { healthOf } from './health.js';

describe('the health of the parts', () => {
  it('is checked once for visitors who come while it is checked, or within a second after', async () => {
    jest.useFakeTimers();
    let checks = 0;
    let answer: () => void = () => undefined;
    const look = () => {
      checks += 1;
      return new Promise<undefined>((resolve) => (answer = () => resolve(undefined)));
    };
    const read = healthOf([{ title: 'API', look }]);
    const both = Promise.all([read(), read()]);
    answer();
    expect((await both).map(([part]) => part?.state)).toEqual(['good', 'good']);
    await jest.advanceTimersByTimeAsync(999);
    await read();
    expect(checks).toBe(1);
    await jest.advanceTimersByTimeAsync(1);
    void read();
    expect(checks).toBe(2);
    answer();
    jest.useRealTimers();
  });

  it('is poor if a part does not answer, and fair if it says what is wrong', async () => {
    const read = healthOf([
      { title: 'silent', look: () => Promise.reject(new Error('refused')) },
      { title: 'degraded', look: () => Promise.resolve('the key set cannot be read') },
    ]);
    expect(await read()).toMatchObject([
      { title: 'silent', state: 'poor', text: 'does not answer' },
      { title: 'degraded', state: 'fair', text: 'the key set cannot be read' },
    ]);
  });
});

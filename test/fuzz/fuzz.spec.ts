import { randomInt } from 'node:crypto';
import { processEnvironment } from '#gatehouse/platform';
import { fuzz } from './fuzz.js';

const seed = Number(processEnvironment()['FUZZ_SEED'] ?? randomInt(2 ** 31));

describe('requests made from the API’s own description, good and hostile', () => {
  it('get no answer of 500 or more, and only answers that the description promises', async () => {
    process.stdout.write(`FUZZ_SEED=${seed} repeats these requests\n`);
    const { sent, statuses, problems, leaks, lines } = await fuzz({ requests: 2_000, seed });
    process.stdout.write(`${sent} requests, ${lines} log lines: ${JSON.stringify(statuses)}\n`);
    expect(problems).toEqual([]);
    expect(leaks).toEqual([]);
    expect(sent).toBe(2_000);
    // A run that gets no further than authentication would prove nothing.
    for (const status of [200, 201, 204, 400, 401, 403, 404, 412, 415])
      expect(statuses[status]).toBeGreaterThan(0);
    expect(lines).toBeGreaterThan(2_000);
  }, 600_000);
});

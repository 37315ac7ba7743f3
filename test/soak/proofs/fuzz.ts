import { randomInt } from 'node:crypto';
import { processEnvironment } from '#gatehouse/platform';
import { fuzz as run } from '../../fuzz/fuzz.js';
import type { Proof } from '../proof.js';

const requests = 50_000;

/** FUZZ_SEED repeats a run. */
export const fuzz: Proof = {
  name: 'fuzz',
  about: `${requests} requests made from the API's own description, good and hostile: every answer as described, none of 500 or more`,
  async run(say) {
    const seed = Number(processEnvironment()['FUZZ_SEED'] ?? randomInt(2 ** 31));
    say(`FUZZ_SEED=${seed} repeats these requests`);
    const { sent, statuses, problems, leaks, lines } = await run({ requests, seed }, say);
    const figures = {
      seed,
      sent,
      statuses: JSON.stringify(statuses),
      'log lines searched for credentials': lines,
    };
    const wrong = [...problems, ...leaks];
    if (wrong.length > 0) throw new Error([...wrong, JSON.stringify(figures)].join('\n  '));
    return { ...figures, 'answers not as described': 0, 'credentials found': 0 };
  },
};

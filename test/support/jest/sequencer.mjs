import { createHash } from 'node:crypto';
import { sep } from 'node:path';
import TestSequencer from '@jest/test-sequencer';

const seed = process.env['TEST_ORDER_SEED'];

/**
 * Starts the slowest files first, so that none runs alone at the end: whole systems, then the rest in Jest's order, by
 * its last duration or its size. With TEST_ORDER_SEED the order is random, the same for the same seed, because no file
 * may depend on another.
 */
export default class SlowestFirst extends TestSequencer {
  sort(tests) {
    const byTime = super.sort(tests);
    if (seed !== undefined) return byTime.toSorted((a, b) => (draw(a) < draw(b) ? -1 : 1));
    const [systems, others] = [byTime.filter(startsSystems), byTime.filter((one) => !startsSystems(one))];
    return [...systems, ...others];
  }
}

const startsSystems = ({ path, duration }) =>
  duration === undefined && path.includes(`${sep}test${sep}e2e${sep}`);

const draw = ({ path }) => createHash('sha256').update(`${seed}${path}`).digest('hex');

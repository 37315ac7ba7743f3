import { join } from 'node:path';
import { jwt } from '../../libs/auth/src/strategies/jwt/index.js';
import { runTypeScript } from '../support/typescript-process.js';
import { type Effect, verdictOn } from './effect.js';

describe('the guard with one check taken away', () => {
  let effects: readonly Effect[];

  beforeAll(async () => {
    const { stdout, stderr, exitCode } = await runTypeScript(join(import.meta.dirname, 'run-mutants.ts'));
    if (exitCode !== 0) throw new Error(stderr);
    effects = JSON.parse(stdout) as Effect[];
  });

  it('lets something of the corpus through, or answers it otherwise, or has another check behind it', () => {
    const survivors = effects.filter((effect) => verdictOn(effect) === undefined);
    expect(survivors.map(({ title, instead }) => ({ title, instead: [...new Set(instead)] }))).toEqual([]);
  });

  it('lets something through in most cases', () => {
    const fatal = effects.filter(({ letThrough }) => letThrough !== undefined);
    const told = { mutants: effects.length, letThrough: fatal.length };
    process.stdout.write(`checks taken away: ${JSON.stringify(told)}\n`);
    expect(fatal.length / effects.length).toBeGreaterThan(0.8);
  });

  it('misses, among all mutants, every reason that the strategy can give', () => {
    const reasons = Object.values(jwt.reasons).flatMap((step) => Object.keys(step));
    expect(reasons.length).toBeGreaterThan(40);
    const gone = new Set(effects.flatMap((effect) => effect.gone));
    expect(reasons.filter((reason) => !gone.has(reason))).toEqual([]);
  });
});

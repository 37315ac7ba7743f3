import { join } from 'node:path';
import { jwt } from '../../libs/auth/src/strategies/jwt/index.js';
import { runTypeScript } from '../support/typescript-process.js';
import type { Outcome } from './effect.js';

describe('the guard with one decision changed', () => {
  let outcome: Outcome;

  beforeAll(async () => {
    const { stdout, stderr, exitCode } = await runTypeScript(join(import.meta.dirname, 'run-mutants.ts'));
    if (exitCode !== 0) throw new Error(stderr);
    outcome = JSON.parse(stdout) as Outcome;
    // Hundreds of changed guards: half a minute of CPU, and more than the usual limit on a busy machine.
  }, 300_000);

  it('accepts something of the corpus, or answers it differently, unless the change is listed with a reason', () => {
    const survivors = outcome.effects.filter(({ noticedBy }) => noticedBy === undefined);
    expect(survivors.map(({ title }) => title)).toEqual([]);
    expect(outcome.stale).toEqual([]);
  });

  it('accepts something hostile in most cases in which it refuses less', () => {
    const loosened = outcome.effects.filter(({ gone }) => gone.length > 0);
    const fatal = loosened.filter(({ letThrough }) => letThrough !== undefined);
    const counts = { changed: outcome.effects.length, loosened: loosened.length, letThrough: fatal.length };
    process.stdout.write(`decisions of the guard: ${JSON.stringify(counts)}\n`);
    expect(fatal.length / loosened.length).toBeGreaterThan(0.8);
  });

  it('loses, over all changes, every reason that a request alone can cause', () => {
    // A token is signed with the key of webhooks only where a setting says so, and revoked only by an event.
    const others = ['webhook-key', 'revoked'];
    const reasons = Object.values(jwt.reasons)
      .flatMap((step) => Object.keys(step))
      .filter((reason) => !others.includes(reason));
    expect(reasons.length).toBeGreaterThan(40);
    const gone = new Set(outcome.effects.flatMap((effect) => effect.gone));
    expect(reasons.filter((reason) => !gone.has(reason))).toEqual([]);
  });
});

import { guardSettings } from '../../../../test/support/guarded-app.js';
import { principalOf } from '../../../../test/support/principal.js';
import { buildAuthenticator } from '../build-authenticator.js';
import type { Outcome } from '../core/authenticator.js';
import type { RequestFacts } from '../core/facts.js';
import { rejected } from '../core/failure.js';
import type { Acceptance, CredentialStrategy, Verdict } from '../core/strategy.js';
import type { PushRevocation } from '../revocation/push-revocation.js';
import type { Revoking } from './revocation.js';
import { lookingUp, seen, showing, type Witness } from './witness.js';

const accepted = (kind: 'user' | 'machine' = 'user'): Acceptance => ({
  ok: true,
  principal: principalOf({ kind }),
});
const revoked = rejected('revoked');
const facts = (credential: string): RequestFacts => ({
  ...{ requestId: 'r', address: '192.0.2.1', method: 'GET', url: '/todos' },
  header: (name) => (name === 'x-test' ? [credential] : []),
});

/** Returns a witness, and what it sees in order. */
function diary() {
  const seen: string[] = [];
  const witness: Witness = {
    asked: (step) => void seen.push(step),
    joined: () => void seen.push('joined'),
    lookedUp: (refusal) => void seen.push(refusal ? 'looked up: refused' : 'looked up'),
    called: (operation, status) => void seen.push(`${operation} ${status ?? 'silent'}`),
    decided: ({ verdict }) => void seen.push(verdict.ok ? 'accepted' : verdict.failure.kind),
  };
  return { seen, witness };
}

/** Returns the guard of a strategy that FusionAuth confirms, with this witness. */
function guard(confirm: () => Promise<Verdict>, witness?: Witness, revocation?: Partial<Revoking>) {
  const strategy: CredentialStrategy<string> = {
    name: 'test',
    consumes: [{ in: 'header', name: 'x-test' }],
    description: 'a test',
    challenge: { scheme: 'test' },
    extract: (held) => ({ credential: held }),
    key: (credential) => credential,
    confirm,
  };
  const settings = guardSettings({ witness, revocation: revocation as PushRevocation | undefined });
  return buildAuthenticator([strategy], settings);
}

describe('a witness', () => {
  it('sees a step before it is taken, with its arguments passed on', () => {
    const { seen: entries, witness } = diary();
    const step = seen((text: string) => (entries.push(`judging ${text}`), text), 'judgement', witness);
    expect(step('a')).toBe('a');
    expect(entries).toEqual(['judgement', 'judging a']);
  });

  it('sees each outcome, synchronously if it is synchronous, and does not change it', async () => {
    const { seen: entries, witness } = diary();
    const outcome = { verdict: revoked } as unknown as Outcome;
    expect(showing(() => outcome, witness)(facts('a'))).toBe(outcome);
    expect(entries).toEqual(['rejected']);
    expect(await showing(() => Promise.resolve(outcome), witness)(facts('a'))).toBe(outcome);
    expect(entries).toHaveLength(2);
  });

  it('sees a look-up among the revocations and its answer, and none where nothing is looked up', () => {
    const { seen: entries, witness } = diary();
    const concerns = ({ principal }: Acceptance) => principal.kind === 'user';
    const answers = [undefined, revoked];
    const refusalOf = lookingUp(
      { concerns, refusalOf: () => answers.shift(), note: () => undefined },
      witness,
    );
    expect([refusalOf(accepted()), refusalOf(accepted())]).toEqual([undefined, revoked]);
    expect(refusalOf(accepted('machine'))).toBeUndefined();
    expect(entries).toEqual(['looked up', 'looked up: refused']);
  });

  it('costs nothing if there is none: each layer is the inner function itself', () => {
    const ask = () => accepted();
    const refusalOf = () => undefined;
    expect(seen(ask, 'judgement', undefined)).toBe(ask);
    expect(lookingUp({ concerns: () => true, refusalOf, note: () => undefined }, undefined)).toBe(refusalOf);
  });

  it('distinguishes a request that is verified, one that joins it and one that is cached', async () => {
    const { seen: entries, witness } = diary();
    const answer = Promise.withResolvers<Verdict>();
    const guarded = guard(() => answer.promise, witness);
    const first = guarded.authenticate(facts('a'));
    const second = guarded.authenticate(facts('a'));
    answer.resolve(accepted());
    await Promise.all([first, second]);
    void guarded.authenticate(facts('a'));
    expect(entries).toEqual(['joined', 'confirmation', 'accepted', 'accepted', 'accepted']);
  });

  it('sees every acceptance looked up, even a cached one, and no refusal', async () => {
    const { seen: entries, witness } = diary();
    const verdicts: Verdict[] = [accepted(), rejected('unknown')];
    const revocation = { concerns: () => true, refusalOf: () => undefined, note: () => undefined };
    const guarded = guard(() => Promise.resolve(verdicts.shift() ?? revoked), witness, revocation);
    await guarded.authenticate(facts('a'));
    await guarded.authenticate(facts('a'));
    await guarded.authenticate(facts('b'));
    expect(entries).toEqual([
      ...['confirmation', 'looked up', 'accepted'],
      ...['looked up', 'accepted'],
      ...['confirmation', 'rejected'],
    ]);
  });
});

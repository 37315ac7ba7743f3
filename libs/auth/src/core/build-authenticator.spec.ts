import { createLogger, createMetrics } from '#gatehouse/platform';
import { Writable } from 'node:stream';
import { buildAuthenticator } from './build-authenticator.js';
import { rejected } from './failure.js';
import type { RequestFacts } from './request-facts.js';
import type { CredentialStrategy, Verdict } from './strategy.js';

type Verify = (credential: string, signal: AbortSignal) => Promise<Verdict>;

const accepted = (subject: string): Verdict => ({
  ok: true,
  principal: { subject, issuer: 'i', kind: 'user', via: 'test', roles: [], credentialId: 'c' },
});

/** A strategy that claims the header named like itself. */
const strategyOf = (
  name: string,
  verify: Verify,
  cost: 'local' | 'remote' = 'remote',
): CredentialStrategy<string> => ({
  name,
  cost,
  challenge: { scheme: name },
  securityScheme: { type: 'apiKey' },
  claim({ header }) {
    const [value] = header(name);
    if (value === undefined) return { kind: 'not-mine' };
    return value === 'bad'
      ? { kind: 'malformed', detail: 'bad grammar' }
      : { kind: 'claimed', credential: value };
  },
  fingerprint: (credential) => credential,
  verify,
});

const request = (headers: Record<string, string>, url = '/todos'): RequestFacts => ({
  requestId: 'r1',
  address: '192.0.2.1',
  method: 'GET',
  url,
  header: (name) => (headers[name] === undefined ? [] : [headers[name]]),
});

function world(...strategies: CredentialStrategy<string>[]) {
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const state = { now: 0 };
  const registry = createMetrics();
  const authenticator = buildAuthenticator(strategies, {
    realm: 'test',
    deadlineMilliseconds: 100,
    trustSeconds: 5,
    graceSeconds: 0,
    refusedPerMinute: 30,
    clock: () => state.now,
    log: createLogger('test', 'info', sink),
    metrics: registry,
  });
  return { authenticator, state, lines, registry };
}

const never: Verify = () => new Promise(() => undefined);

describe('the authenticator', () => {
  it('answers missing when no strategy finds its credential', async () => {
    const { authenticator } = world(strategyOf('x-a', never));
    expect(await authenticator.authenticate(request({}))).toEqual({
      verdict: { ok: false, failure: { kind: 'missing' } },
    });
  });

  it('lets the one claimant decide and never asks another after a refusal', async () => {
    const { authenticator } = world(
      strategyOf('x-a', () => Promise.resolve(rejected('no'))),
      strategyOf('x-b', () => Promise.resolve(accepted('b'))),
    );
    const outcome = await authenticator.authenticate(request({ 'x-a': 'k' }));
    expect(outcome).toEqual({ via: 'x-a', verdict: rejected('no') });
  });

  it('calls two credentials malformed and verifies neither', async () => {
    let asked = 0;
    const count: Verify = () => {
      asked += 1;
      return Promise.resolve(accepted('s'));
    };
    const { authenticator } = world(strategyOf('x-a', count), strategyOf('x-b', count));
    const outcome = await authenticator.authenticate(request({ 'x-a': 'k', 'x-b': 'k' }));
    expect(outcome.verdict).toMatchObject({ failure: { kind: 'malformed' } });
    expect(asked).toBe(0);
  });

  it.each(['access_token', 'api_key', 'apikey', 'jwt', 'TOKEN', 'access%5Ftoken', '%74oken'])(
    'calls a %s in the query malformed',
    async (name) => {
      const { authenticator } = world(strategyOf('x-a', () => Promise.resolve(accepted('s'))));
      const outcome = await authenticator.authenticate(request({ 'x-a': 'k' }, `/todos?limit=1&${name}=abc`));
      expect(outcome.verdict).toMatchObject({ failure: { kind: 'malformed' } });
    },
  );

  it('takes no value in the query for a credential by mistake', async () => {
    const { authenticator } = world(strategyOf('x-a', () => Promise.resolve(accepted('s'))));
    const url = '/todos?cursor=a%26token%3Db&mytoken=c&title=100%';
    expect((await authenticator.authenticate(request({ 'x-a': 'k' }, url))).verdict.ok).toBe(true);
  });

  it('looks at a query that is nothing but question marks in no time to speak of', async () => {
    const { authenticator } = world(strategyOf('x-a', never));
    const began = performance.now();
    for (let turn = 0; turn < 50; turn += 1)
      await authenticator.authenticate(request({}, `/${'?'.repeat(16_000)}`));
    // Where the time grows with the square of the length this takes ten times as long; a microsecond each otherwise.
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('turns an unexpected exception into unavailable, logged with its cause and never as a refusal', async () => {
    const { authenticator, lines } = world(
      strategyOf('x-a', () => Promise.reject(new Error('boom Bearer abcdefghijkl'))),
    );
    const outcome = await authenticator.authenticate(request({ 'x-a': 'k' }));
    expect(outcome.verdict).toMatchObject({ failure: { kind: 'unavailable' } });
    expect(JSON.parse(lines[0]!)).toMatchObject({ level: 'error', via: 'x-a', requestId: 'r1' });
    expect(lines[0]).toContain('boom');
    expect(lines[0]).not.toContain('abcdefghijkl');
  });

  it('answers unavailable by the deadline even when a verification ignores its signal', async () => {
    const { authenticator } = world(strategyOf('x-a', never));
    const outcome = await authenticator.authenticate(request({ 'x-a': 'k' }));
    expect(outcome.verdict).toMatchObject({ failure: { kind: 'unavailable', operation: 'x-a deadline' } });
  });

  it('asks a remote strategy once for fifty simultaneous requests, and again when trust ends', async () => {
    let asked = 0;
    const slow: Verify = async () => {
      asked += 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return accepted('s');
    };
    const { authenticator, state } = world(strategyOf('x-a', slow));
    const ask = async () => authenticator.authenticate(request({ 'x-a': 'k' }));
    const outcomes = await Promise.all(Array.from({ length: 50 }, ask));
    expect(outcomes.every(({ verdict }) => verdict.ok)).toBe(true);
    state.now = 4_999;
    await ask();
    expect(asked).toBe(1);
    state.now = 5_000;
    await ask();
    expect(asked).toBe(2);
  });

  it('can be told to ask one strategy only', async () => {
    const { authenticator } = world(
      strategyOf('x-a', () => Promise.resolve(accepted('a'))),
      strategyOf('x-b', () => Promise.resolve(accepted('b'))),
    );
    const both = request({ 'x-a': 'k', 'x-b': 'k' });
    const { verdict } = await authenticator.authenticate(both, 'x-b');
    expect(verdict).toMatchObject({ ok: true, principal: { subject: 'b' } });
    const { verdict: none } = await authenticator.authenticate(both, 'x-off');
    expect(none).toMatchObject({ failure: { kind: 'missing' } });
  });

  it('writes one audit line for each refusal, with the reason and without the credential, and counts all outcomes', async () => {
    const { authenticator, lines, registry } = world(
      strategyOf('x-a', (credential) =>
        Promise.resolve(credential === 'good' ? accepted('s') : rejected('locked')),
      ),
    );
    for (const value of ['good', 'wrong-secret', 'bad'])
      await authenticator.authenticate(request({ 'x-a': value }));
    expect(lines.map((line) => JSON.parse(line)).map(({ failure, reason }) => [failure, reason])).toEqual([
      ['rejected', 'locked'],
      ['malformed', 'bad grammar'],
    ]);
    expect(lines.join()).not.toContain('wrong-secret');
    const text = await registry.metrics();
    for (const outcome of ['accepted', 'rejected', 'malformed']) {
      expect(text).toContain(`gatehouse_authentications_total{via="x-a",outcome="${outcome}"} 1`);
    }
  });
});

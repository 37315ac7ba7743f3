import { createLogger, createMetrics } from '#gatehouse/platform';
import { cpuTime } from '../../../test/support/cpu-time.js';
import { guardSettings } from '../../../test/support/guarded-app.js';
import { principalOf } from '../../../test/support/principal.js';
import { type AuthenticatorSettings, buildAuthenticator } from './build-authenticator.js';
import type { RequestFacts } from './core/facts.js';
import { forbidden, malformed, type Refusal, rejected, unavailable } from './core/failure.js';
import type { Background, CredentialStrategy, Verdict } from './core/strategy.js';

type Verify = (credential: string, signal: AbortSignal) => Promise<Verdict>;

const accepted = (subject: string): Verdict => ({
  ok: true,
  principal: principalOf({ subject, via: 'test' }),
});

/** The verdicts of the test strategy on values that are not credentials. */
const noCredential: Readonly<Record<string, Refusal>> = {
  bad: malformed('bad grammar'),
  'made-up': rejected('not-issued'),
  elsewhere: forbidden('origin', { code: 'csrf_refused' }),
};

const face = (name: string) => ({
  name,
  consumes: [{ in: 'header', name }] as [{ in: 'header'; name: string }],
  description: 'a test',
  challenge: { scheme: name },
  extract: (held: string) => noCredential[held] ?? { credential: held },
  key: (credential: string) => credential,
});

/** A strategy that reads the header with its own name, and confirms remotely. */
const strategyOf = (name: string, confirm: Verify): CredentialStrategy<string> => ({
  ...face(name),
  confirm,
});

const background = (changes: Partial<Background>): Background => ({
  start: () => Promise.resolve(),
  close: () => undefined,
  generation: () => 0,
  readiness: () => ({ pending: [], degraded: [] }),
  ...changes,
});

const request = (headers: Record<string, string>, url = '/todos'): RequestFacts => ({
  requestId: 'r1',
  address: '192.0.2.1',
  method: 'GET',
  url,
  header: (name) => (headers[name] === undefined ? [] : [headers[name]]),
});

const world = (...strategies: CredentialStrategy<string>[]) => worldWith({}, ...strategies);

function worldWith(changes: Partial<AuthenticatorSettings>, ...strategies: CredentialStrategy<string>[]) {
  const lines: string[] = [];
  const state = { now: 0 };
  const registry = createMetrics();
  const given = { deadlineMs: 100, clock: () => state.now, metrics: registry, ...changes };
  const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
  const authenticator = buildAuthenticator(strategies, guardSettings({ log, ...given }));
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

  it('lets the strategy of the credential decide, and never asks another after a refusal', async () => {
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
    expect(outcome.verdict).toMatchObject({
      failure: { kind: 'malformed', detail: expect.stringMatching(/send exactly one\.$/) },
    });
    expect(asked).toBe(0);
  });

  // cspell:ignore apikey oken mytoken
  it.each(['access_token', 'api_key', 'apikey', 'jwt', 'TOKEN', 'access%5Ftoken', '%74oken'])(
    'calls a %s in the query malformed',
    async (name) => {
      const { authenticator } = world(strategyOf('x-a', () => Promise.resolve(accepted('s'))));
      const outcome = await authenticator.authenticate(request({ 'x-a': 'k' }, `/todos?limit=1&${name}=abc`));
      expect(outcome.verdict).toMatchObject({
        failure: { kind: 'malformed', detail: expect.stringMatching(/send it in a header\.$/) },
      });
    },
  );

  it.each([
    '/todos?limit=1',
    '/todos?cursor=a%26token%3Db&mytoken=c&title=100%',
    '/todos?token',
    '/todos/a&token=b',
    '/todos/a%26token%3Db?title=%41',
    '/todos/a%26token%3Db?title=A',
  ])(
    'does not mistake a path, a name alone or another value in the query for a credential: %s',
    async (url) => {
      const { authenticator } = world(strategyOf('x-a', () => Promise.resolve(accepted('s'))));
      expect((await authenticator.authenticate(request({ 'x-a': 'k' }, url))).verdict.ok).toBe(true);
    },
  );

  it('searches a query of only question marks in linear time', async () => {
    const { authenticator } = world(strategyOf('x-a', never));
    const searching = async () => {
      for (let turn = 0; turn < 50; turn += 1)
        await authenticator.authenticate(request({}, `/${'?'.repeat(16_000)}`));
    };
    // If the time grew with the square of the length it would take ten times as long.
    expect(await cpuTime(searching)).toBeLessThan(1_000);
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

  it('asks a remote strategy once for fifty simultaneous requests, and again when the cache time is over', async () => {
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

  it('can ask one strategy only', async () => {
    const { authenticator } = world(
      strategyOf('x-a', () => Promise.resolve(accepted('a'))),
      strategyOf('x-b', () => Promise.resolve(accepted('b'))),
    );
    const both = request({ 'x-a': 'k', 'x-b': 'k' });
    const { verdict } = await authenticator.authenticate(both, ['x-b']);
    expect(verdict).toMatchObject({ ok: true, principal: { subject: 'b' } });
    const { verdict: none } = await authenticator.authenticate(both, ['x-off']);
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
    for (const outcome of ['accepted', 'rejected', 'malformed'])
      expect(text).toContain(`gatehouse_authentications_total{via="x-a",outcome="${outcome}"} 1`);
  });

  it.each([
    ['made-up', rejected('not-issued')],
    ['elsewhere', forbidden('origin', { code: 'csrf_refused' })],
  ])('decides without verifying what the strategy refuses immediately: %s', async (value, verdict) => {
    const { authenticator } = world(strategyOf('x-a', never));
    expect(await authenticator.authenticate(request({ 'x-a': value }))).toEqual({ via: 'x-a', verdict });
  });

  it('turns an exception of a synchronous strategy into unavailable too', async () => {
    const broken = strategyOf('x-a', never);
    broken.key = () => {
      throw new Error('boom');
    };
    const { verdict, via } = await world(broken).authenticator.authenticate(request({ 'x-a': 'k' }));
    expect([via, verdict]).toMatchObject(['x-a', { failure: { kind: 'unavailable', blame: 'ourselves' } }]);
  });

  it('calls FusionAuth about nothing that is refused offline, and judges a valid credential once', async () => {
    let [judged, asked] = [0, 0];
    const strategy: CredentialStrategy<string> = {
      ...face('x-a'),
      judge(credential) {
        judged += 1;
        return credential === 'good' ? { ...accepted('s'), expiresAt: 60_000 } : rejected('form');
      },
      confirm(_credential, _signal, found) {
        asked += 1;
        return Promise.resolve(found);
      },
    };
    const { authenticator, state } = world(strategy);
    const ask = async (value: string) =>
      (await authenticator.authenticate(request({ 'x-a': value }))).verdict;
    expect([await ask('made'), judged, asked]).toEqual([rejected('form'), 1, 0]);
    for (state.now = 0; state.now < 15_000; state.now += 5_000) expect((await ask('good')).ok).toBe(true);
    expect([judged, asked]).toEqual([2, 3]);
  });

  it('judges an offline credential once until it expires, and again in a new generation', async () => {
    let [judged, generation] = [0, 0];
    const strategy: CredentialStrategy<string> = {
      ...face('x-a'),
      judge() {
        judged += 1;
        return { ...accepted('s'), expiresAt: 60_000 };
      },
      background: background({ generation: () => generation }),
    };
    const { authenticator, state } = world(strategy);
    const ask = async () => (await authenticator.authenticate(request({ 'x-a': 'k' }))).verdict.ok;
    for (state.now = 0; state.now < 60_000; state.now += 20_000) expect(await ask()).toBe(true);
    expect(judged).toBe(1);
    generation = 1;
    await ask();
    expect(judged).toBe(2);
    state.now = 60_000;
    await ask();
    expect(judged).toBe(3);
  });

  it('reports an acceptance by grace in a metric, and the trouble in its readiness', async () => {
    const answers: Verdict[] = [accepted('s'), unavailable('user')];
    const strategy = strategyOf('x-a', () => Promise.resolve(answers.shift() ?? accepted('s')));
    const { authenticator, state, registry } = worldWith({ graceSeconds: 60 }, strategy);
    const ask = async () => (await authenticator.authenticate(request({ 'x-a': 'k' }))).verdict.ok;
    await ask();
    expect(authenticator.readiness()).toEqual({ ready: true, reasons: [] });
    state.now = 64_999;
    expect(await ask()).toBe(true);
    expect(authenticator.readiness()).toEqual({
      ready: true,
      reasons: [expect.stringMatching(/^x-a: FusionAuth does not answer/)],
    });
    const text = await registry.metrics();
    expect(text).toContain('gatehouse_graced_total{via="x-a"} 1');
    expect(text).toContain('gatehouse_fusionauth_trouble{via="x-a",trouble="silent"} 1');
  });

  it('is ready once every strategy is, and says what each lacks', async () => {
    const calls: string[] = [];
    const needy = (name: string, pending: string[], degraded: string[]): CredentialStrategy<string> => ({
      ...strategyOf(name, never),
      background: background({
        readiness: () => ({ pending, degraded }),
        start: () => Promise.resolve(void calls.push(`start ${name}`)),
        close: () => void calls.push(`close ${name}`),
      }),
    });
    const pending = ['no keys'];
    const { authenticator } = world(needy('x-a', pending, []), needy('x-b', [], ['old keys']));
    expect(authenticator.readiness()).toEqual({ ready: false, reasons: ['no keys', 'old keys'] });
    pending.pop();
    expect(authenticator.readiness()).toEqual({ ready: true, reasons: ['old keys'] });
    await authenticator.start();
    authenticator.close();
    expect(calls).toEqual(['start x-a', 'start x-b', 'close x-a', 'close x-b']);
  });

  it('describes its strategies, and sends a challenge for each', () => {
    const resourceMetadata = { url: undefined as string | undefined };
    const settings = { resourceMetadata: () => resourceMetadata.url };
    const { authenticator } = worldWith(settings, strategyOf('x-a', never), strategyOf('x-b', never));
    expect(authenticator.strategies).toEqual(['x-a', 'x-b']);
    const scheme = (name: string) => ({ type: 'apiKey', in: 'header', name, description: 'a test' });
    expect(authenticator.securitySchemes).toEqual({ 'x-a': scheme('x-a'), 'x-b': scheme('x-b') });
    const answer = () => authenticator.answer({ kind: 'missing' }, { RateLimit: 'r' }).headers;
    expect(answer()).toEqual({
      RateLimit: 'r',
      'WWW-Authenticate': ['x-a realm="test"', 'x-b realm="test"'],
    });
    resourceMetadata.url = 'https://api.example/metadata';
    expect(answer()['WWW-Authenticate']).toContain(
      'x-a realm="test", resource_metadata="https://api.example/metadata"',
    );
  });

  it('names every place where a credential travels, including those of disabled strategies', () => {
    const off = { in: 'cookie', name: 'session' } as const;
    const { authenticator } = worldWith({ alsoStrip: [off] }, strategyOf('x-a', never));
    expect(authenticator.consumes).toEqual([{ in: 'header', name: 'x-a' }, off]);
  });

  it('refuses two credentials, even if one of them would be refused', async () => {
    const { authenticator } = world(strategyOf('x-a', () => Promise.resolve(accepted('s'))));
    const twice = { ...request({}), header: () => ['k', 'k'] };
    expect((await authenticator.authenticate(twice)).verdict).toEqual(
      malformed('The x-a header occurs more than once.'),
    );
  });

  it('counts the requests of a client only where a limit is configured', async () => {
    const strategy = strategyOf('x-a', () => Promise.resolve(accepted('s')));
    const twice = async (changes: Partial<AuthenticatorSettings>) => {
      const { authenticator } = worldWith(changes, strategy);
      await authenticator.authenticate(request({ 'x-a': 'k' }));
      return authenticator.authenticate(request({ 'x-a': 'k' }));
    };
    expect(await twice({})).toEqual({ via: 'x-a', verdict: accepted('s') });
    expect(await twice({ requestsPerMinute: 1 })).toMatchObject({
      verdict: { failure: { kind: 'throttled', what: 'requests' } },
      headers: { RateLimit: '"client";r=0;t=60' },
    });
  });

  it('stops asking a FusionAuth that is silent, for any credential', async () => {
    let asked = 0;
    const strategy = strategyOf('x-a', () => Promise.resolve(((asked += 1), unavailable('user'))));
    const { authenticator } = world(strategy);
    const ask = async (value: string) =>
      (await authenticator.authenticate(request({ 'x-a': value }))).verdict;
    for (let turn = 0; turn < 5; turn += 1) await ask(`key-${turn}`);
    expect(await ask('key-5')).toMatchObject({ failure: { operation: 'x-a breaker' } });
    expect(asked).toBe(5);
  });

  it('verifies sixteen unknown credentials at a time, and bounds how many wait', async () => {
    let asked = 0;
    const strategy = strategyOf('x-a', () => ((asked += 1), new Promise(() => undefined)));
    const { authenticator } = worldWith({ deadlineMs: 1_000 }, strategy);
    const crowd = Array.from({ length: 200 }, (_, index) =>
      Promise.resolve(authenticator.authenticate(request({ 'x-a': `stranger-${index}` }))),
    );
    expect((await crowd[199]!).verdict).toMatchObject({
      failure: { kind: 'unavailable', blame: 'overload' },
    });
    expect(asked).toBe(16);
  });

  it('stops asking for an address whose credentials are refused too often', async () => {
    let asked = 0;
    const strategy = strategyOf('x-a', () => Promise.resolve(((asked += 1), rejected('no'))));
    const { authenticator } = worldWith({ refusedPerMinute: 3 }, strategy);
    for (let turn = 0; turn < 5; turn += 1)
      await authenticator.authenticate(request({ 'x-a': `guess-${turn}` }));
    expect(asked).toBe(3);
  });

  it('asks about a refused credential once in the cache time', async () => {
    let asked = 0;
    const strategy = strategyOf('x-a', () => Promise.resolve(((asked += 1), rejected('no'))));
    const { authenticator, state } = world(strategy);
    const ask = async () => (await authenticator.authenticate(request({ 'x-a': 'k' }))).verdict;
    for (const now of [0, 4_999, 5_000]) {
      state.now = now;
      expect(await ask()).toEqual(rejected('no'));
    }
    expect(asked).toBe(2);
  });
});

import { randomUUID } from 'node:crypto';
import { createAuthenticator } from '#gatehouse/auth';
import { createLogger, createMetrics } from '#gatehouse/platform';
import { tokenMinter } from '../../../issuer/src/token-minter.js';
import { bearer, Connection, getRequest } from '../../../measure/src/connection.js';
import { keySetPath } from '../../../measure/src/fusionauth-stand-in.js';
import { inTurn, msUntilAccepted, steadily } from '../../../measure/src/load.js';
import { type Experiment, identity } from '../bench.js';
import { authConfigOf } from '../targets/auth-config.js';
import { guardedRequests } from './credentials.js';

const count = 1_000;

/** Presents tokens with unknown key ids, beside valid ones, and then a token of a new key. */
export const unknownKeys: Experiment = {
  goals: ['G10'],
  about: '1,000 unknown key ids, then a rotation',
  tokens: () => count + 1,
  async run(bench) {
    const fusionAuth = await bench.fusionAuth({ delayMs: 20 });
    const { url } = await bench.target('nest', { guard: 'gatehouse', fusionAuthUrl: fusionAuth.url });
    const [first = '', ...good] = await bench.tokens(count + 1);
    // Their signatures do not matter, because their keys are not found.
    const unknown = await Promise.all(good.map(() => bench.minter.mint({}, { kid: randomUUID() })));
    const connection = await Connection.open(url);
    const proof = await connection.request(getRequest(url, '/guarded', bearer(first)));
    connection.close();
    if (proof !== 200) throw new Error(`A good token was answered ${proof}`);
    const load = (tokens: readonly string[], durationMs: number) => {
      const requests = inTurn(guardedRequests(url, tokens.map(bearer)));
      return steadily({ url, requests, rate: count / 2, inFlight: count, durationMs });
    };
    const before = fusionAuth.calls(keySetPath);
    const [hostile, friendly] = await Promise.all([load(unknown, 2_000), load(good, 2_000)]);
    const fetches = fusionAuth.calls(keySetPath) - before;
    const rotated = tokenMinter();
    fusionAuth.addKey(rotated.jwk);
    const ofNewKey = getRequest(url, '/guarded', bearer(await rotated.mint()));
    const [newKeyMs] = await Promise.all([msUntilAccepted(url, () => ofNewKey, 6_000), load(unknown, 1_000)]);
    bench.note(`${fetches} fetches, new key after ${newKeyMs} ms`);
    const figures = {
      fetches,
      'requests pending > 300 ms': hostile.latenciesMs.filter((ms) => ms > 300).length,
      '% of good tokens accepted': (100 * (friendly.statuses.get(200) ?? 0)) / friendly.answered,
      'ms until a new key is accepted': newKeyMs,
    };
    return { G10: { figures, detail: { unknown: hostile.answered } } };
  },
};

const minuteMs = 60_000;

/** Fails the key set endpoint for longer than any cache of keys should last; in this process, on a simulated clock. */
export const agedKeys: Experiment = {
  goals: ['G11'],
  about: 'the key set cannot be read for an hour',
  async run(bench) {
    const fusionAuth = await bench.fusionAuth();
    let now = Date.now();
    const minter = { ...tokenMinter(() => now) };
    fusionAuth.addKey(minter.jwk);
    const config = authConfigOf({ ...identity, fusionAuthUrl: fusionAuth.url });
    const log = createLogger('bench', 'silent');
    const authenticator = createAuthenticator(config, { log, metrics: createMetrics(), clock: () => now });
    const outcomes = (count: number, kid = minter.kid) => {
      const outcome = async () => {
        const [authorization] = Object.values(bearer(await minter.mint({}, { kid })));
        const header = (name: string) => (name === 'authorization' ? [authorization ?? ''] : []);
        const request = { requestId: randomUUID(), address: '127.0.0.1', method: 'GET', url: '/', header };
        const { verdict } = await authenticator.authenticate(request);
        return verdict.ok ? 'accepted' : verdict.failure.kind;
      };
      return Promise.all(Array.from({ length: count }, outcome));
    };
    try {
      await authenticator.start();
      await fusionAuth.behave({ fault: '500' });
      now += 59 * minuteMs;
      // Makes the guard fetch the key set again, and fail.
      await outcomes(1, randomUUID());
      const within = await outcomes(50);
      const { reasons } = authenticator.readiness();
      now += 2 * minuteMs;
      const beyond = [...new Set(await outcomes(50))];
      const share = (100 * within.filter((outcome) => outcome === 'accepted').length) / within.length;
      bench.note(`after 59 minutes ${share} % accepted, after 61: ${beyond.join(', ')}`);
      const figures = { '% accepted': share, 'reasons at /readyz': reasons.length };
      return { G11: { figures, detail: { readiness: reasons, after61Minutes: beyond } } };
    } finally {
      authenticator.close();
    }
  },
};

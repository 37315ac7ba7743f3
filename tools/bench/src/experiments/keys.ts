import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createAuthenticator, type RequestFacts } from '#gatehouse/auth';
import { createLogger, createMetrics } from '#gatehouse/platform';
import { type TokenMinter, tokenMinter } from '../../../issuer/src/token-minter.js';
import { type Bench, type Experiment, identity } from '../bench.js';
import { result } from '../goals.js';
import { mint } from '../issuer.js';
import { Connection, getRequest } from '../load/connection.js';
import { steadily } from '../load/load.js';
import { configOf } from '../targets/guards/config.js';
import { bearer, inTurn, requestsOf } from './credentials.js';

const unknownCount = 1_000;
const keySet = '/.well-known/jwks.json';

/** Tokens that name keys nobody has, beside good ones, and then a key that is really new. */
export const unknownKeys: Experiment = {
  goals: ['G10'],
  about: '1,000 unknown key ids, then a rotation',
  tokens: () => 2 * unknownCount,
  async run(bench) {
    const ours = await flood(bench, 'nest', 'gatehouse');
    const peers = bench.quick
      ? {}
      : {
          'passport-jwt + jwks-rsa': await flood(bench, 'nest', 'passport'),
          'express-oauth2-jwt-bearer': await flood(bench, 'express-jwt-bearer', ''),
        };
    const { fetches, pending, goodAccepted, newKeyAfter } = ours;
    const met =
      fetches <= 2 && pending === 0 && goodAccepted === 100 && newKeyAfter !== null && newKeyAfter <= 5_000;
    return [result('G10', fetches, met, { ...ours, peers })];
  },
};

async function flood(bench: Bench, file: string, guard: string) {
  const fusionAuth = await bench.fusionAuth({ delay: 20 });
  const { url } = await bench.target(file, { guard, adapter: 'fastify', fusionAuthUrl: fusionAuth.url });
  const [known = '', ...good] = await bench.tokens(unknownCount + 1);
  const unknown = good.map((token) => ofUnknownKey(token));
  const connection = await Connection.open(url);
  const prove = await connection.request(getRequest(url, '/guarded', bearer(known)));
  if (prove !== 200) throw new Error(`A good token was answered ${prove}`);
  const before = await fusionAuth.ask<number>('calls', keySet);
  const load = (tokens: readonly string[], milliseconds: number) =>
    steadily({
      url,
      requests: inTurn(requestsOf(url, '/guarded', tokens.map(bearer))),
      rate: unknownCount / 2,
      inFlight: unknownCount,
      milliseconds,
    });
  const [hostile, friendly] = await Promise.all([load(unknown, 2_000), load(good, 2_000)]);
  const fetches = (await fusionAuth.ask<number>('calls', keySet)) - before;
  const next = tokenMinter();
  await fusionAuth.ask('behave', { keys: [bench.minter.jwk, next.jwk] });
  const [newKeyAfter] = await Promise.all([untilAccepted(url, next), load(unknown, 1_000)]);
  connection.close();
  const pending = hostile.latencies.filter((milliseconds) => milliseconds > 300).length;
  const goodAccepted = (100 * (friendly.statuses.get(200) ?? 0)) / friendly.answered;
  bench.note(
    `${guard || file}: ${fetches} fetches, ${pending} pending, new key after ${newKeyAfter ?? 'more than 6,000'} ms`,
  );
  return { fetches, pending, unknown: hostile.answered, goodAccepted, newKeyAfter };
}

/** The same token, naming a key of its own; its signature is not looked at before the key is found. */
function ofUnknownKey(token: string): string {
  const [header = '', ...rest] = token.split('.');
  const named = JSON.parse(Buffer.from(header, 'base64url').toString()) as object;
  const renamed = JSON.stringify({ ...named, kid: randomUUID() });
  return [Buffer.from(renamed).toString('base64url'), ...rest].join('.');
}

/** Milliseconds until a token of a new key is accepted; null after 6 s. */
async function untilAccepted(url: string, minter: TokenMinter): Promise<number | null> {
  const tokens = await mint(minter, 1);
  const began = performance.now();
  while (performance.now() - began < 6_000) {
    const connection = await Connection.open(url);
    const asked = connection.request(getRequest(url, '/guarded', bearer(tokens[0] ?? '')));
    const status = await Promise.race([asked.catch(() => 0), pause(500, 0)]);
    connection.close();
    if (status === 200) return Math.round(performance.now() - began);
    await pause(50);
  }
  return null;
}

const minute = 60_000;

/** An endpoint that fails for longer than any cache of keys is meant to last; in this process, on a clock of its own. */
export const agedKeys: Experiment = {
  goals: ['G11'],
  about: 'the key set cannot be read for an hour',
  async run(bench) {
    const fusionAuth = await bench.fusionAuth();
    let now = Date.now();
    const authenticator = createAuthenticator(configOf({ ...identity, fusionAuthUrl: fusionAuth.url }), {
      log: createLogger('bench', 'silent'),
      metrics: createMetrics(),
      clock: () => now,
    });
    const accepted = async (tokens: readonly string[]) => {
      const outcomes = await Promise.all(
        tokens.map(async (token) => authenticator.authenticate(requestWith(token))),
      );
      return outcomes.map(({ verdict }) => (verdict.ok ? 'accepted' : verdict.failure.kind));
    };
    try {
      await authenticator.start();
      await fusionAuth.ask('behave', { fault: '500' });
      now += 59 * minute;
      // What makes it look again, and see that it cannot.
      await accepted((await mint(bench.minter, 1, { now })).map(ofUnknownKey));
      const within = await accepted(await mint(bench.minter, 50, { now }));
      const { reasons } = authenticator.readiness();
      now += 2 * minute;
      const beyond = new Set(await accepted(await mint(bench.minter, 50, { now })));
      const share = (100 * within.filter((outcome) => outcome === 'accepted').length) / within.length;
      bench.note(`after 59 minutes ${share} % accepted, after 61: ${[...beyond].join(', ')}`);
      return [
        result('G11', share, share === 100 && reasons.length > 0, {
          readiness: reasons,
          after61Minutes: [...beyond],
        }),
      ];
    } finally {
      authenticator.close();
    }
  },
};

const requestWith = (token: string): RequestFacts => ({
  requestId: randomUUID(),
  address: '127.0.0.1',
  method: 'GET',
  url: '/',
  header: (name) => (name === 'authorization' ? [`Bearer ${token}`] : []),
});

import { publicPem } from '../../../issuer/src/signing-key.js';
import type { Bench, Experiment } from '../bench.js';
import { type Demand, judged, namesIn } from '../compare.js';
import { type GoalId, result } from '../goals.js';
import { forged } from '../issuer.js';
import { getRequest } from '../load/connection.js';
import type { Child } from '../processes/child.js';
import { interleaved, type Side } from '../rounds.js';
import { bearer, inTurn } from './credentials.js';

const knownTokens = 1_000;
/** More than the 20,000 that the cache holds: used in a circle, a token is forgotten just before its turn. */
const newTokens = 21_000;

type SideName =
  | 'NestJS on Fastify, unguarded'
  | 'Gatehouse'
  | 'Gatehouse, new tokens'
  | 'Gatehouse on passport-jwt, new tokens'
  | 'Gatehouse on Express'
  | 'passport-jwt + jwks-rsa'
  | '@fastify/jwt'
  | 'express-oauth2-jwt-bearer'
  | 'bare node:http, unguarded';

const demands: Partial<Record<GoalId, readonly Demand<SideName>[]>> = {
  G1: [{ above: 'NestJS on Fastify, unguarded', below: 'Gatehouse', atLeast: 0.85 }],
  G2: [
    { above: 'NestJS on Fastify, unguarded', below: 'Gatehouse, new tokens', atLeast: 0.27 },
    { above: 'passport-jwt + jwks-rsa', below: 'Gatehouse, new tokens', atLeast: 2.2 },
    { above: 'NestJS on Fastify, unguarded', below: 'Gatehouse on passport-jwt, new tokens' },
  ],
  G3: [
    { above: 'express-oauth2-jwt-bearer', below: 'Gatehouse', atLeast: 7 },
    { above: 'express-oauth2-jwt-bearer', below: 'Gatehouse on Express', atLeast: 1.3 },
    { above: 'express-oauth2-jwt-bearer', below: 'Gatehouse, new tokens', atLeast: 3 },
  ],
  G4: [{ above: '@fastify/jwt', below: 'Gatehouse', atLeast: 1.15 }],
  G5: [{ above: 'passport-jwt + jwks-rsa', below: 'Gatehouse', atLeast: 8 }],
  G6: [{ above: 'bare node:http, unguarded', below: 'Gatehouse', atLeast: 0.55 }],
};

/** Milliseconds of a round, and before the first. */
const extent = {
  whole: { rounds: 11, milliseconds: 1_000, warmUp: 1_500 },
  quick: { rounds: 4, milliseconds: 400, warmUp: 700 },
};

/** Tokens that are checked without asking anybody, against the open route and the peers, all in the same rounds. */
export const local: Experiment = {
  goals: ['G1', 'G2', 'G3', 'G4', 'G5', 'G6'],
  about: 'local JWT checks and their peers',
  tokens: (wanted, quick) => (sidesOf(wanted, quick).some(takesNewTokens) ? newTokens : knownTokens),
  async run(bench, wanted) {
    const { quick, note } = bench;
    const sides = await start(bench, sidesOf(wanted, quick));
    const taken = await interleaved(sides, { ...(quick ? extent.quick : extent.whole), note });
    return wanted.map((id) => {
      const asked = demandsOf(id, quick);
      const reason = '--quick leaves out new tokens: it takes too long to mint 21,000';
      const leftOut = asked.length < demandsOf(id, false).length ? { reason } : {};
      if (asked.length === 0) return result(id, null, null, leftOut);
      const found = judged(id, asked, taken);
      return { ...found, detail: { ...leftOut, ...found.detail } };
    });
  },
};

const takesNewTokens = (name: SideName): boolean => name.includes('new tokens');

const demandsOf = (id: GoalId, quick: boolean): readonly Demand<SideName>[] =>
  (demands[id] ?? []).filter(({ above, below }) => !quick || ![above, below].some(takesNewTokens));

const sidesOf = (wanted: readonly GoalId[], quick: boolean): SideName[] =>
  namesIn(wanted.flatMap((id) => demandsOf(id, quick)));

/** Each with a process of its own, except that the open route is one of the guarded server: both warm, neither slowed by others. */
async function start(bench: Bench, names: readonly SideName[]): Promise<Record<SideName, Side>> {
  const { url: fusionAuthUrl } = await bench.fusionAuth();
  const known = await bench.tokens(knownTokens);
  const unknown = names.some(takesNewTokens) ? await bench.tokens(newTokens) : [];
  const nest = (guard: string, adapter = 'fastify') =>
    bench.target('nest', { guard, adapter, fusionAuthUrl });
  const passportEngine = () =>
    bench.target('nest', {
      guard: 'gatehouse',
      adapter: 'fastify',
      fusionAuthUrl,
      environment: { JWT_ENGINE: 'passport-jwt' },
    });
  const other = (file: string) =>
    bench.target(file, { fusionAuthUrl, pem: publicPem(bench.minter.privateKey) });
  const ours = await nest('gatehouse');
  const starters: Record<SideName, () => Side | Promise<Side>> = {
    'NestJS on Fastify, unguarded': () => side(ours, known, 'open'),
    Gatehouse: () => side(ours, known),
    'Gatehouse, new tokens': async () => side(await nest('gatehouse'), unknown),
    'Gatehouse on passport-jwt, new tokens': async () => side(await passportEngine(), unknown),
    'Gatehouse on Express': async () => side(await nest('gatehouse', 'express'), known),
    'passport-jwt + jwks-rsa': async () => side(await nest('passport'), known),
    '@fastify/jwt': async () => side(await other('fastify-jwt'), known),
    'express-oauth2-jwt-bearer': async () => side(await other('express-jwt-bearer'), known),
    'bare node:http, unguarded': async () => side(await other('bare'), known, 'open'),
  };
  const sides: Partial<Record<SideName, Side>> = {};
  for (const name of names) sides[name] = await starters[name]();
  return sides as Record<SideName, Side>;
}

function side(child: Child, tokens: readonly string[], route: 'open' | 'guarded' = 'guarded'): Side {
  const request = (token: string) => getRequest(child.url, `/${route}`, bearer(token));
  const refused = request(forged(tokens[0] ?? ''));
  const requests = inTurn(tokens.map(request));
  return { child, requests, ...(route === 'guarded' ? { bad: () => refused } : {}) };
}

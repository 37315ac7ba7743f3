import { publicPem } from '../../../issuer/src/signing-key.js';
import { bearer, getRequest } from '../../../measure/src/connection.js';
import { inTurn } from '../../../measure/src/load.js';
import type { Bench, Experiment } from '../bench.js';
import { compared } from '../compare.js';
import { type GoalId, goals } from '../goals.js';
import { interleaved, type Side, type Sides } from '../rounds.js';
import { forged } from './credentials.js';

const knownTokens = 1_000;
/** More than the 20,000 entries of the cache: used in a circle, each token is evicted just before its turn. */
const newTokens = 21_000;

interface Server {
  readonly file: string;
  readonly settings?: object;
  readonly open?: true;
}

const nest = (guard: string, more: object = {}) => ({ file: 'nest', settings: { guard, ...more } });

/** By the names in the goals' aims. */
const servers: Readonly<Record<string, Server>> = {
  'NestJS on Fastify, unguarded': { ...nest('gatehouse'), open: true },
  Gatehouse: nest('gatehouse'),
  'Gatehouse, new tokens': nest('gatehouse'),
  'Gatehouse on passport-jwt, new tokens': nest('gatehouse', { environment: { JWT_ENGINE: 'passport-jwt' } }),
  'Gatehouse on Express': nest('gatehouse', { adapter: 'express' }),
  'passport-jwt + jwks-rsa': nest('passport'),
  '@fastify/jwt': { file: 'fastify-jwt' },
  'express-oauth2-jwt-bearer': { file: 'express-jwt-bearer' },
  'bare node:http, unguarded': { file: 'bare', open: true },
};

const isForNewTokens = (name: string): boolean => name.includes('new tokens');

/** `--quick` skips new tokens: minting 21,000 takes too long. */
const namesFor = (wanted: readonly GoalId[], quick: boolean): string[] => {
  const aims = wanted.flatMap((id) => goals[id].aims.map(({ sides = [] }) => sides));
  return [...new Set(aims.filter((sides) => !quick || !sides.some(isForNewTokens)).flat())];
};

/** Measures tokens that are checked locally, against the open route and the peers, all in the same rounds. */
export const local: Experiment = {
  goals: ['G1', 'G2', 'G3', 'G4', 'G5', 'G6'],
  about: 'local JWT checks and their peers',
  tokens: (wanted, quick) => (namesFor(wanted, quick).some(isForNewTokens) ? newTokens : knownTokens),
  async run(bench, wanted) {
    const extent = bench.quick
      ? { rounds: 4, roundMs: 400, warmUpMs: 700, awake: true }
      : { rounds: 11, roundMs: 1_000, warmUpMs: 1_500, awake: true };
    const sides = await start(bench, namesFor(wanted, bench.quick));
    const taken = await interleaved(sides, extent, bench.note);
    return Object.fromEntries(wanted.map((id) => [id, compared(goals[id].aims, taken)]));
  },
};

/**
 * Starts one process per server, except that the open route belongs to a guarded server: both are warm, and neither is
 * slowed by others.
 */
async function start(bench: Bench, names: readonly string[]): Promise<Sides> {
  const { url: fusionAuthUrl } = await bench.fusionAuth();
  const pem = publicPem(bench.minter.privateKey);
  const ours = await bench.target('nest', { guard: 'gatehouse', fusionAuthUrl });
  const side = async (name: string): Promise<Side> => {
    const { file = '', settings = {}, open } = servers[name] ?? {};
    const isShared = ['NestJS on Fastify, unguarded', 'Gatehouse'].includes(name);
    const child = isShared ? ours : await bench.target(file, { ...settings, fusionAuthUrl, pem });
    const tokens = await bench.tokens(isForNewTokens(name) ? newTokens : knownTokens);
    const request = (token: string) => getRequest(child.url, open ? '/open' : '/guarded', bearer(token));
    const refused = request(forged(tokens[0] ?? ''));
    return { child, requests: inTurn(tokens.map(request)), bad: open ? undefined : () => refused };
  };
  const sides: Record<string, Side> = {};
  for (const name of names) sides[name] = await side(name);
  return sides;
}

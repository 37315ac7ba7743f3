import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { processEnvironment } from '#gatehouse/platform';
import { onServerCore } from '../../../measure/src/child.js';
import { keySetPath } from '../../../measure/src/fusionauth-stand-in.js';
import { median, paired, quantileWithInterval, rounded, summary } from '../../../measure/src/statistics.js';
import { type Bench, type Experiment, identity } from '../bench.js';
import { inTurns } from '../rounds.js';
import { startDistance } from '../stand-ins/distance.js';
import { startHttpsFront } from '../stand-ins/https-front.js';
import { environmentFor } from '../targets/auth-config.js';

const run = promisify(execFile);
const targets = join(import.meta.dirname, '..', 'targets');
const known = 1_000;
const fresh = 200;
/** Round trips to the server that has the key set, in milliseconds. */
const distances = [0, 2, 5] as const;

type Names = 'ours' | 'peer';
type Files = Readonly<Record<Names, string>>;

/** Measures the Lambda authorizer and one around aws-jwt-verify, bundled in the same way, alternately. */
export const lambda: Experiment = {
  goals: ['G20'],
  about: 'Lambda authorizers: cold start and warm verdicts',
  tokens: (_wanted, quick) => known + fresh * (turnsOf(quick).warm + 1),
  async run(bench) {
    const fusionAuth = await bench.fusionAuth();
    const directory = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'));
    bench.keep({ close: () => Promise.resolve(rmSync(directory, { recursive: true })) });
    const front = bench.keep(await startHttpsFront(directory, fusionAuth.url));
    const { certificate } = front;
    const distance = bench.keep(await startDistance(front.url));
    const { url } = distance;
    const files = await bundles(directory, url);
    const environment = { ...environmentFor({ ...identity, fusionAuthUrl: url }), LOG_LEVEL: 'silent' };
    const cold: Times[] = [];
    for (const roundTripMs of distances) {
      distance.roundTripMs = roundTripMs;
      cold.push(await coldStarts(bench, files, { ...environment, NODE_EXTRA_CA_CERTS: certificate }));
    }
    distance.roundTripMs = 0;
    const child = await bench.target('authorizers', { files, environment, certificate });
    const tokens = await bench.tokens(known + fresh * (turnsOf(bench.quick).warm + 1));
    const events = tokens.map(asked);
    const ofKnown = events.slice(0, known);
    let turn = 0;
    const measure = (by: Names, chosen: () => object[], times: number) => () =>
      child.ask<number>('measure', { by, events: chosen(), times });
    const nextFresh = () => events.slice(known + fresh * turn, known + fresh * (turn += 1));
    const sameFresh = () => events.slice(known + fresh * (turn - 1), known + fresh * turn);
    const warm = await inTurns(turnsOf(bench.quick).warm, {
      ours: measure('ours', () => ofKnown, 5),
      peer: measure('peer', () => ofKnown, 1),
      oursFresh: measure('ours', nextFresh, 1),
      peerFresh: measure('peer', sameFresh, 1),
    });
    return { G20: outcome(files, cold, warm) };
  },
};

const turnsOf = (quick: boolean) => (quick ? { cold: 7, warm: 3 } : { cold: 41, warm: 11 });

const asked = (token: string) => ({
  type: 'TOKEN',
  authorizationToken: `Bearer ${token}`,
  methodArn: 'arn:aws:execute-api:eu-west-1:123456789012:a1b2c3d4e5/prod/GET/todos',
});

async function bundles(directory: string, url: string): Promise<Files> {
  const files = { ours: join(directory, 'ours.cjs'), peer: join(directory, 'peer.cjs') };
  execFileSync(process.execPath, ['scripts/bundle-lambda.mjs', files.ours], { stdio: 'pipe' });
  const { issuer, applicationId: audience } = identity;
  const settings = { issuer, audience, jwksUri: `${url}${keySetPath}` };
  await build({
    ...{ entryPoints: [join(targets, 'aws-jwt-verify-authorizer.js')], outfile: files.peer },
    ...{ bundle: true, minify: true, platform: 'node', format: 'cjs', target: 'node22' },
    ...{ define: { settings: JSON.stringify(settings) }, logLevel: 'error' },
  });
  return files;
}

/** Returns the milliseconds from loading the file to the first verdict, each in a separate process. */
async function coldStarts(bench: Bench, files: Files, environment: Record<string, string>) {
  const [token = ''] = await bench.tokens(1);
  const env = { ...processEnvironment(), ...environment, NODE_OPTIONS: '', NODE_ENV: 'production' };
  const start = (name: Names) => async () => {
    const script = join(targets, 'cold-start.js');
    const line = [process.execPath, script, files[name], JSON.stringify(asked(token))];
    const [command = '', ...args] = onServerCore(line);
    const { stdout } = await run(command, args, { env });
    const { milliseconds, answer } = JSON.parse(stdout) as { milliseconds: number; answer: object };
    if (!('policyDocument' in answer)) throw new Error('A good token was not accepted');
    return milliseconds;
  };
  return inTurns(turnsOf(bench.quick).cold, { ours: start('ours'), peer: start('peer') });
}

type Times = Readonly<Record<Names, number[]>>;

function outcome(
  files: Files,
  cold: readonly Times[],
  warm: Times & Record<'oursFresh' | 'peerFresh', number[]>,
) {
  const coldRatios = cold.map(({ ours, peer }) => paired(ours, peer));
  const [coldRatio, ...farther] = coldRatios.map((ratio) => ratio.median);
  const warmRatio = paired(warm.ours, warm.peer);
  const freshRatio = paired(warm.oursFresh, warm.peerFresh);
  const middle = (values: readonly number[]) => {
    const { value, interval } = quantileWithInterval(values, 0.5);
    return { median: rounded(value), ...(interval && { interval: interval.map(rounded) }) };
  };
  return {
    figures: {
      'cold start / aws-jwt-verify': coldRatio ?? NaN,
      ...Object.fromEntries(
        farther.map((ratio, at) => [`cold start ${distances[at + 1]} ms away / aws-jwt-verify`, ratio]),
      ),
      'verdicts on known tokens / aws-jwt-verify': warmRatio.median,
      'verdicts on new tokens / aws-jwt-verify': freshRatio.median,
      'kB of the bundle': statSync(files.ours).size / 1000,
    },
    detail: {
      coldStartMs: cold.map(({ ours, peer }, at) => ({
        roundTripMs: distances[at],
        ours: middle(ours),
        peer: middle(peer),
        ratio: summary(paired(ours, peer)),
      })),
      verdictsPerSecond: { ours: middle(warm.ours), peer: middle(warm.peer), ratio: summary(warmRatio) },
      newTokensPerSecond: { ours: rounded(median(warm.oursFresh)), peer: rounded(median(warm.peerFresh)) },
    },
  };
}

import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { processEnvironment } from '#gatehouse/platform';
import { startPostgres } from '../../../tools/bench/src/installed-postgres.js';
import type { Issued } from '../../contract/mode.js';
import type { ApiProcess } from '../api-process.js';
import type { Figures, Proof } from '../proof.js';
import { type SoakWorld, startSoakWorld } from '../soak-world.js';

const guesses = 1_000;
const addresses = 50;
const seconds = 180;
const refusedAllowed = 3;
const minute = 60_000;

/** An attacker who knows an e-mail address guesses at its token, to lock its owner out. */
export const lockOut: Proof = {
  name: 'lock-out',
  about: `${guesses} wrong tokens for a client's e-mail from ${addresses} addresses through 2 replicas: no lock, and the client passes throughout`,
  async run(say) {
    const given = processEnvironment()['TEST_DATABASE_URL'];
    const server = given === undefined ? await startPostgres() : undefined;
    const world = await startSoakWorld();
    try {
      const env = { AUTH_STRATEGY: 'email-token', DATABASE_URL: given ?? server?.url };
      // One after the other: the first one migrates the database.
      const replicas = [await world.startApi(env), await world.startApi(env)];
      return await guess(world, replicas, say);
    } finally {
      await world.close();
      await server?.stop();
    }
  },
};

async function guess(
  world: SoakWorld,
  replicas: readonly ApiProcess[],
  say: (text: string) => void,
): Promise<Figures> {
  const { sandbox, admin } = world.contract;
  const [client] = await world.issue('email-token', 1);
  const ask = async (turn: number, { headers }: Pick<Issued, 'headers'>, address: string) => {
    const { url } = replicas[turn % replicas.length]!;
    const answer = await fetch(`${url}/me`, { headers: { ...headers, 'x-forwarded-for': address } });
    await answer.arrayBuffer();
    return answer.status;
  };
  const ofClient: number[] = [];
  for (const turn of replicas.keys()) ofClient.push(await ask(turn, client!, '203.0.113.9'));
  sandbox.requests.clear();
  const refused: number[] = [];
  const statuses: number[] = [];
  for (let turn = 0; turn < guesses; turn += 1) {
    const started = performance.now();
    const wrong = `${inRandomCase(client!.email!)}:${randomBytes(24).toString('base64url')}`;
    const authorization = `Basic ${Buffer.from(wrong).toString('base64')}`;
    const address = `198.51.100.${turn % addresses}`;
    const asked = [
      ask(turn, { headers: { authorization } }, address).then((status) => statuses.push(status)),
    ];
    if (turn % 5 === 0)
      asked.push(ask(turn / 5, client!, '203.0.113.9').then((status) => ofClient.push(status)));
    await Promise.all(asked);
    if (turn % 250 === 249) {
      // The log of the sandbox has only the last thousand.
      refused.push(...refusals(world));
      sandbox.requests.clear();
      say(`${turn + 1} guesses: ${count(statuses)}`);
    }
    await delay(Math.max(0, (seconds * 1000) / guesses - (performance.now() - started)));
  }
  const { actions = [] } = await admin<{ actions?: unknown[] }>(
    'GET',
    `/api/user/action?userId=${client!.userId}&preventingLogin=true`,
  );
  const worst = Math.max(
    0,
    ...refused.map((from) => refused.filter((at) => at >= from && at <= from + minute).length),
  );
  const figures = {
    guesses: count(statuses),
    'refused calls at FusionAuth': `${refused.length}, at most ${worst} within 60 s`,
    locks: actions.length,
    'the client meanwhile': count(ofClient),
  };
  const holds = worst <= refusedAllowed && actions.length === 0 && ofClient.every((status) => status === 200);
  if (!holds || statuses.includes(200)) throw new Error(JSON.stringify(figures));
  return figures;
}

const inRandomCase = (text: string) =>
  text.replace(/[a-z]/g, (letter) => (randomBytes(1)[0]! % 2 ? letter.toUpperCase() : letter));

/** Returns the times at which FusionAuth refused a log-in. */
const refusals = ({ contract }: SoakWorld): number[] =>
  contract.sandbox.requests
    .list()
    .filter(({ operation, status }) => operation === 'POST /api/login' && status !== 200)
    .map(({ at }) => at);

const count = (statuses: readonly number[]): string =>
  [...new Set(statuses)]
    .map((one) => `${one} × ${statuses.filter((status) => status === one).length}`)
    .join(', ');

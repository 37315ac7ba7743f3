import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { tokenMinter } from '../../../tools/issuer/src/token-minter.js';
import type { Issued } from '../../contract/mode.js';
import { perSecond } from '../course.js';
import { type Hit, OpenLoop, percentile, type Shot, tally } from '../open-loop.js';
import type { Figures, Proof } from '../proof.js';
import { type SoakWorld, startSoakWorld } from '../soak-world.js';

const rotations = 6;
const secondsBetween = 10;
const randomKids = 10_000;
const fetchesAllowed = 12;
const minute = 60_000;
const keySet = 'GET /.well-known/jwks.json';

/** Tests changing keys, and unknown keys. */
export const keyRotation: Proof = {
  name: 'key-rotation',
  about: `${rotations} rotations of the signing key under ${perSecond} requests a second refuse nobody; ${randomKids} unknown keys cause at most ${fetchesAllowed} fetches a minute`,
  async run(say) {
    const world = await startSoakWorld();
    try {
      const api = await world.startApi({ AUTH_STRATEGY: 'jwt' });
      say('rotations');
      const rotated = await rotate(world, api.url);
      say('unknown keys');
      const flooded = await flood(world, api.url);
      return { ...rotated, ...flooded };
    } finally {
      await world.close();
    }
  },
};

const asked = (kind: string, { headers }: Pick<Issued, 'headers'>): Shot => ({ kind, path: '/me', headers });

/** Presents old and new tokens, the new ones from the moment they are issued. */
async function rotate(world: SoakWorld, url: string): Promise<Figures> {
  const tokens = await world.issue('jwt/local', 10);
  const loop = new OpenLoop(url, perSecond, (turn) => asked('token', tokens[turn % tokens.length]!));
  for (let done = 0; done < rotations; done += 1) {
    await delay(secondsBetween * 1000);
    await world.contract.sandbox.rotateKey();
    tokens.push(...(await world.issue('jwt/local', 3)));
  }
  await delay(secondsBetween * 1000);
  const hits = await loop.stop();
  const figures = { rotations, 'while rotating': `${tally(hits)}, p99 ${percentile(hits, 99)} ms` };
  if (hits.some(({ status }) => status !== 200)) throw new Error(JSON.stringify(figures));
  return figures;
}

async function flood(world: SoakWorld, url: string): Promise<Figures> {
  const { requests, rotateKey } = world.contract.sandbox;
  const [known] = await world.issue('jwt/local', 1);
  // Valid claims, so that only the key is tested; without a key the signature is not checked.
  const [, claims = '', signature = ''] = (await tokenMinter().mint()).split('.');
  const forged = () => {
    const header = JSON.stringify({
      alg: 'RS256',
      typ: 'JWT',
      kid: randomUUID(),
      gty: ['authorization_code'],
    });
    return `${Buffer.from(header).toString('base64url')}.${claims}.${signature}`;
  };
  requests.clear();
  let sent = 0;
  const loop = new OpenLoop(url, perSecond, (turn) => {
    if (turn % 10 === 0 || sent >= randomKids) return asked('known', known!);
    sent += 1;
    return asked('forged', { headers: { authorization: `Bearer ${forged()}` } });
  });
  while (sent < randomKids) await delay(100);
  const hits = await loop.stop();
  const times = requests.list().filter(({ operation }) => operation === keySet);
  const worst = most(times.map(({ at }) => at));
  const of = (kind: string): Hit[] => hits.filter((hit) => hit.kind === kind);
  const late = await acceptedAfter(world, url, rotateKey, forged);
  const figures = {
    'unknown keys': `${tally(of('forged'))}, p99 ${percentile(of('forged'), 99)} ms`,
    'a known token meanwhile': tally(of('known')),
    'key set fetched': `${times.length} times, ${worst} in the worst minute`,
    'a token of a new key, in a flood': late,
  };
  const holds =
    worst <= fetchesAllowed &&
    of('forged').every(({ status }) => status === 401) &&
    of('known').every(({ status }) => status === 200);
  if (!holds) throw new Error(JSON.stringify(figures));
  return figures;
}

/** Returns the largest number within any minute. */
const most = (times: readonly number[]) =>
  Math.max(0, ...times.map((start) => times.filter((at) => at >= start && at < start + minute).length));

/** Tests a token signed with a new key while requests with unknown keys use up the fetches. */
async function acceptedAfter(
  world: SoakWorld,
  url: string,
  rotateKey: () => Promise<unknown>,
  forged: () => string,
): Promise<string> {
  const loop = new OpenLoop(url, perSecond, () =>
    asked('forged', { headers: { authorization: `Bearer ${forged()}` } }),
  );
  await delay(2_000);
  await rotateKey();
  const [token] = await world.issue('jwt/local', 1);
  const issued = performance.now();
  const statuses: number[] = [];
  while (statuses.at(-1) !== 200 && performance.now() - issued < 20_000) {
    const answer = await fetch(`${url}/me`, { headers: token!.headers });
    await answer.arrayBuffer();
    statuses.push(answer.status);
    await delay(100);
  }
  await loop.stop();
  const before = statuses.slice(0, -1);
  const seconds = ((performance.now() - issued) / 1000).toFixed(1);
  return `200 after ${seconds} s, before that ${before.length === 0 ? 'nothing' : `${before.length} × ${[...new Set(before)].join(', ')}`}`;
}

import { setTimeout as delay } from 'node:timers/promises';
import { FaultProxy, faults } from '../../../tools/measure/src/fault-proxy.js';
import type { Issued } from '../../contract/mode.js';
import { personTricks } from '../../contract/people.js';
import type { Figures, Proof } from '../proof.js';
import { issueAccepted, type PushWorld, type Replica, startPushWorld } from '../push-world.js';

const goodTokens = 30;
const streamSeconds = 20;
const recoverySeconds = 90;

/** A failure in the middle of the stream. */
type Trouble = (world: PushWorld, listening: FaultProxy) => Promise<unknown>;

const troubles: Readonly<Record<string, Trouble>> = {
  'kill -9 of a replica': async (world) => {
    const [killed] = world.replicas.splice(0, 1);
    process.kill(killed?.api.pid ?? 0, 'SIGKILL');
    await delay(3_000);
    await world.start();
  },
  'restart of PostgreSQL': ({ postgres }) => postgres.restart(),
  'a LISTEN connection that goes silent': (_world, listening) => listening.set(faults.halfOpen),
};

/** A revocation stays effective, even if something fails meanwhile. */
export const revocationTrouble: Proof = {
  name: 'revocation-trouble',
  about: `a stream of revocations on three replicas through ${Object.keys(troubles).join(', ')}: no revoked token accepted after recovery, no good one refused`,
  async run(say) {
    const world = await startPushWorld();
    const listening = await FaultProxy.before(world.postgres.url);
    try {
      await world.start({ DATABASE_LISTEN_URL: listening.url });
      for (let count = 1; count < 3; count += 1) await world.start();
      const figures: Record<string, string> = {};
      for (const [name, trouble] of Object.entries(troubles)) {
        say(name);
        figures[name] = await live(world, () => trouble(world, listening));
      }
      return figures satisfies Figures;
    } finally {
      await world.close();
      await listening.close();
    }
  },
};

async function live(world: PushWorld, trouble: () => Promise<unknown>): Promise<string> {
  const good: Issued[] = [];
  while (good.length < goodTokens) good.push(await issueAccepted(world));
  const watch = watchGood(world, good);
  const revoked: Issued[] = [];
  const until = Date.now() + streamSeconds * 1000;
  const broken = delay(streamSeconds * 300).then(trouble);
  while (Date.now() < until) {
    const issued = await issueAccepted(world).catch(() => undefined);
    if (!issued) continue;
    await personTricks.deactivate(world.contract, issued);
    revoked.push(issued);
  }
  await broken;
  const began = Date.now();
  const seconds = await untilAllRefused(world.replicas, revoked, began);
  const { asked, refused } = await watch.stop();
  const later = await accepted(world.replicas, revoked);
  const seen = `${revoked.length} revoked, the last refused everywhere ${seconds} s after the stream, ${later.length} accepted after that; ${refused} of ${asked} good requests refused`;
  if (later.length > 0 || refused > 0) throw new Error(seen);
  return seen;
}

/** Presents valid tokens to every replica throughout, and counts 401. */
function watchGood(world: PushWorld, good: readonly Issued[]) {
  let [asked, refused, stopped] = [0, 0, false];
  const ask = async (replica: Replica, issued: Issued) => {
    const status = await replica.ask(issued);
    asked += 1;
    if (status === 401) refused += 1;
  };
  const run = async () => {
    for (let turn = 0; !stopped; turn += 1) {
      const issued = good[turn % good.length]!;
      await Promise.all(world.replicas.map((replica) => ask(replica, issued)));
      await delay(20);
    }
  };
  const running = run();
  return {
    async stop() {
      stopped = true;
      await running;
      return { asked, refused };
    },
  };
}

async function accepted(replicas: readonly Replica[], issued: readonly Issued[]): Promise<Issued[]> {
  const found: Issued[] = [];
  for (const one of issued) {
    const statuses = await Promise.all(replicas.map(({ ask }) => ask(one)));
    if (statuses.includes(200)) found.push(one);
  }
  return found;
}

async function untilAllRefused(
  replicas: readonly Replica[],
  revoked: readonly Issued[],
  began: number,
): Promise<number> {
  while (Date.now() - began < recoverySeconds * 1000) {
    const statuses = await Promise.all(revoked.flatMap((one) => replicas.map(({ ask }) => ask(one))));
    if (statuses.every((status) => status === 401)) break;
    await delay(250);
  }
  return Math.round((Date.now() - began) / 100) / 10;
}

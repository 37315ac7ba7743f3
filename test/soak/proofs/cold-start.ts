import { setTimeout as delay } from 'node:timers/promises';
import { type FaultName, faults } from '../../../tools/measure/src/fault-proxy.js';
import type { ApiProcess } from '../api-process.js';
import type { Figures, Proof } from '../proof.js';
import { type SoakWorld, startSoakWorld } from '../soak-world.js';

const downSeconds = 20;
const recoverySeconds = 5;
// Without open connections none can go silent.
const names = (Object.keys(faults) as FaultName[]).filter((name) => name !== 'none' && name !== 'halfOpen');

/** The real process, started while FusionAuth fails in each way. */
export const coldStart: Proof = {
  name: 'cold-start',
  about: `the Todo API started while FusionAuth fails for ${downSeconds} s: it runs, is not ready, refuses nobody, recovers by itself`,
  async run(say) {
    const figures: Record<string, string> = {};
    for (const name of names) {
      say(name);
      const world = await startSoakWorld();
      try {
        await world.proxy.set(faults[name]);
        Object.assign(figures, await live(world, name));
      } finally {
        await world.close();
      }
    }
    return figures;
  },
};

async function live(world: SoakWorld, name: FaultName): Promise<Figures> {
  const [credential] = await world.issue('jwt/local', 1);
  const started = performance.now();
  const api = await world.startApi({ AUTH_STRATEGY: 'jwt' });
  const startSeconds = (performance.now() - started) / 1000;
  const seen = new Set<string>();
  let slowest = 0;
  while (performance.now() - started < (startSeconds + downSeconds) * 1000) {
    const asked = performance.now();
    seen.add((await statuses(api, credential?.headers)).join(' '));
    slowest = Math.max(slowest, performance.now() - asked);
    await delay(250);
  }
  await world.proxy.set(faults.none);
  const back = performance.now();
  let last = await statuses(api, credential?.headers);
  while (last.join(' ') !== '200 200 200' && performance.now() - back < 4 * recoverySeconds * 1000) {
    await delay(50);
    last = await statuses(api, credential?.headers);
  }
  const seconds = (performance.now() - back) / 1000;
  const figure = `listening after ${startSeconds.toFixed(1)} s; livez readyz me: ${[...seen].join(' or ')}, at most ${Math.round(slowest)} ms; all 200 after ${seconds.toFixed(1)} s`;
  const holds = [...seen].join() === '200 503 503' && seconds <= recoverySeconds && api.runs();
  if (!holds) throw new Error(`${name}: ${figure}${api.runs() ? '' : '; the process ended'}`);
  return { [name]: figure };
}

const statuses = (api: ApiProcess, headers: Readonly<Record<string, string>> = {}) =>
  Promise.all(
    ['/livez', '/readyz', '/me'].map(async (path) => {
      const answer = await fetch(api.url + path, { headers });
      await answer.arrayBuffer();
      return answer.status;
    }),
  );

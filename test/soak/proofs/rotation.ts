import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { keepSweeping } from '../../../apps/dev-center/src/lifecycle/sweep.js';
import {
  type CenterWorld,
  startCenterWorld,
  strategies,
  type Strategy,
} from '../../e2e/dev-center/center-world.js';
import type { Figures, Proof } from '../proof.js';

const requests = 10_000;
const atOnce = 16;
const overlapSeconds = 8;
/** CREDENTIAL_CACHE_SECONDS of the Todo API. */
const trustSeconds = 5;
/** The delay of the sweep that deletes entities, and of this machine. */
const lagSeconds = 6;
/** For this long FusionAuth's own cache does not know a new API key. */
const keyCacheSeconds = 3;
const longestSeconds = 300;

type Headers = Readonly<Record<string, string>>;

/** A successor works before the old credential is revoked, and the old one is revoked. */
export const rotation: Proof = {
  name: 'rotation',
  about: `${requests} requests through an overlap rotation of each strategy: none fails; the old credential is refused at most ${trustSeconds + lagSeconds} s after its end`,
  async run(say) {
    const world = await startCenterWorld(undefined, { CREDENTIAL_CACHE_SECONDS: String(trustSeconds) });
    const rest = keepSweeping(world.center);
    try {
      world.sandbox.settings.keyCacheDelaySeconds = keyCacheSeconds;
      const figures: Record<string, string> = {};
      for (const strategy of strategies) {
        say(strategy);
        figures[strategy] = await rotateUnderLoad(world, strategy);
      }
      return figures satisfies Figures;
    } finally {
      await rest();
      await world.close();
    }
  },
};

async function rotateUnderLoad(world: CenterWorld, strategy: Strategy): Promise<string> {
  const client = `rotated-${strategy}`;
  const newest = () => world.headersOf(world.handedOver.at(-1)!);
  await world.run('issue', { client, strategy, roles: 'todo-reader' });
  const old = await newest();
  const load = new Load(world.api.url, old);
  await load.until(requests / 4);
  const { replaces } = await world.run('rotate', { client, strategy, overlap: `${overlapSeconds}s` });
  const endsAt = Date.parse((replaces as { endsAt: string }).endsAt);
  const next = await newest();
  // Clients do not switch at the same moment: half of them immediately, the others at the last moment.
  load.give(next, (worker) => worker % 2 === 0);
  await delay(endsAt - Date.now() - 1_000);
  load.give(next, () => true);
  const refused = await refusedAt(world.api.url, old, endsAt);
  await load.until(requests);
  const { sent, failures } = await load.stop();
  const lag = (refused - endsAt) / 1000;
  const seen = `${sent} requests, ${failures.length} failures; the old one refused ${lag.toFixed(1)} s after its end`;
  if (failures.length > 0 || lag > trustSeconds + lagSeconds)
    throw new Error(`${strategy}: ${seen} ${failures.slice(0, 5).join(', ')}`);
  return seen;
}

/** Returns the time at which a credential is first refused; it must not be before its end. */
async function refusedAt(url: string, headers: Headers, endsAt: number): Promise<number> {
  for (;;) {
    const { status } = await fetch(`${url}/me`, { headers });
    const now = Date.now();
    if (status === 401 && now < endsAt) throw new Error(`refused ${endsAt - now} ms before its end`);
    if (status === 401) return now;
    if (now > endsAt + longestSeconds * 1000) throw new Error('never refused');
    await delay(100);
  }
}

/** Workers that present the given credential, one request after the other, until stopped. */
class Load {
  readonly #pool: Pool;
  readonly #headers: Headers[];
  readonly #workers: Promise<void>[];
  readonly #failures: string[] = [];
  readonly #deadline = Date.now() + longestSeconds * 1000;
  #sent = 0;
  #stopped = false;

  constructor(url: string, headers: Headers) {
    this.#pool = new Pool(url, { connections: atOnce });
    this.#headers = Array.from({ length: atOnce }, () => headers);
    this.#workers = this.#headers.map((_headers, worker) => this.#work(worker));
  }

  give(headers: Headers, to: (worker: number) => boolean): void {
    for (let worker = 0; worker < atOnce; worker += 1) if (to(worker)) this.#headers[worker] = headers;
  }

  async until(sent: number): Promise<void> {
    while (this.#sent < sent && Date.now() < this.#deadline) await delay(20);
  }

  async stop(): Promise<{ sent: number; failures: readonly string[] }> {
    this.#stopped = true;
    await Promise.all(this.#workers);
    await this.#pool.close();
    return { sent: this.#sent, failures: this.#failures };
  }

  async #work(worker: number): Promise<void> {
    while (!this.#stopped && Date.now() < this.#deadline) {
      this.#sent += 1;
      const answer = await this.#pool
        .request({ method: 'GET', path: '/me', headers: this.#headers[worker]! })
        .then(async ({ statusCode, body }) => (await body.dump(), String(statusCode)))
        .catch((error: unknown) => String(error));
      if (answer !== '200') this.#failures.push(answer);
      // The API, FusionAuth's stand-in and this process share two cores: yields to the others.
      await delay(5);
    }
  }
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { type Environment, systemClock } from '#gatehouse/platform';
import { startPostgres } from '../../tools/bench/src/installed-postgres.js';
import { type ContractWorld, startContractWorld } from '../contract/contract-world.js';
import type { Issued } from '../contract/mode.js';
import { issueAccessToken } from '../contract/people.js';
import { pushSettings, sendWebhooksTo } from '../support/webhook-set-up.js';
import { type ApiProcess, startApiProcess } from './api-process.js';

/** A Todo API, and a way to call it. */
export interface Replica {
  readonly api: ApiProcess;
  /** Returns the status of a request with the credential; 0 where there is no answer. */
  readonly ask: (issued: Issued) => Promise<number>;
}

/**
 * Todo APIs with push revocation on one PostgreSQL, and FusionAuth’s stand-in that sends its webhooks to a load
 * balancer.
 */
export interface PushWorld {
  readonly contract: ContractWorld;
  readonly postgres: Awaited<ReturnType<typeof startPostgres>>;
  readonly replicas: Replica[];
  readonly start: (more?: Environment) => Promise<Replica>;
  readonly close: () => Promise<void>;
}

export async function startPushWorld(): Promise<PushWorld> {
  const postgres = await startPostgres();
  const contract = await startContractWorld(systemClock);
  const replicas: Replica[] = [];
  const balancer = await startBalancer(() => replicas.map(({ api }) => Number(new URL(api.url).port)));
  const push = await pushSettings(contract.sandbox);
  await sendWebhooksTo(contract.sandbox, `http://127.0.0.1:${balancer.port}`);
  const { FUSIONAUTH_API_KEY } = contract.sandbox.secrets;
  return {
    contract,
    postgres,
    replicas,
    async start(more = {}) {
      const env = {
        AUTH_STRATEGY: 'jwt',
        ...push,
        FUSIONAUTH_URL: contract.sandbox.url,
        FUSIONAUTH_API_KEY,
        FUSIONAUTH_DEADLINE_MS: '5000',
        DATABASE_URL: postgres.url,
        LOG_LEVEL: 'info',
        ...more,
      };
      const replica = replicaOf(await startApiProcess(env, () => undefined));
      replicas.push(replica);
      return replica;
    },
    async close() {
      await Promise.all(replicas.map(({ api }) => api.stop()));
      balancer.close();
      await contract.close();
      await postgres.stop();
    },
  };
}

function replicaOf(api: ApiProcess): Replica {
  const pool = new Pool(api.url, { connections: 16, bodyTimeout: 8_000, headersTimeout: 8_000 });
  const ask = ({ headers }: Issued) =>
    pool.request({ method: 'GET', path: '/me', headers }).then(
      async ({ statusCode, body }) => (await body.dump(), statusCode),
      () => 0,
    );
  return { api, ask };
}

/** Starts a load balancer, which passes each connection to the next port that accepts it. */
async function startBalancer(ports: () => readonly number[]) {
  let turn = 0;
  const server = createServer({ pauseOnConnect: true }, (client) => {
    client.on('error', () => client.destroy());
    const attempt = (left: readonly number[]): void => {
      const [port, ...others] = left;
      if (port === undefined) return void client.destroy();
      const upstream = connect({ port, host: '127.0.0.1' });
      upstream.once('connect', () => {
        upstream.removeAllListeners('error').on('error', () => client.destroy());
        client.pipe(upstream).pipe(client);
      });
      upstream.once('error', () => attempt(others));
    };
    const all = ports();
    turn += 1;
    attempt(all.map((_port, index) => all[(index + turn) % all.length] ?? 0));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

/**
 * Resolves once every replica answers `status` to the credential, with the time of the last; throws after `limitMs`.
 */
export async function untilAll(
  replicas: readonly Replica[],
  issued: Issued,
  status: number,
  limitMs: number,
): Promise<number> {
  const until = Date.now() + limitMs;
  const instants = await Promise.all(
    replicas.map(async ({ ask }) => {
      for (;;) {
        const seen = await ask(issued);
        if (seen === status) return Date.now();
        if (Date.now() > until) throw new Error(`${seen} in the place of ${status} after ${limitMs} ms`);
        await delay(5);
      }
    }),
  );
  return Math.max(...instants);
}

/**
 * Returns a token that all replicas accept: one issued in the second in which the whole application was revoked is
 * refused.
 */
export async function issueAccepted({ contract, replicas }: PushWorld): Promise<Issued> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const issued = await issueAccessToken(contract);
    const statuses = await Promise.all(replicas.map(({ ask }) => ask(issued)));
    if (statuses.every((status) => status === 200)) return issued;
    await delay(100);
  }
  throw new Error('no token is accepted by all replicas');
}

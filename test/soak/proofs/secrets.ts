import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { type Fault, faults } from '../../../tools/measure/src/fault-proxy.js';
import type { Issued, ModeName } from '../../contract/mode.js';
import { modeOf } from '../../contract/modes.js';
import { SecretScan } from '../../support/secret-scan.js';
import type { ApiProcess } from '../api-process.js';
import type { Proof } from '../proof.js';
import { type SoakWorld, startSoakWorld } from '../soak-world.js';

const linesWanted = 1_000_000;
const longest = 45 * 60_000;
const atOnce = 24;
const faultMilliseconds = 3_000;
const goodMilliseconds = 7_000;

const guards = [
  {
    env: { AUTH_STRATEGY: 'jwt,api-key,email-token', JWT_VALIDATION: 'introspection' },
    modes: ['jwt/introspection', 'api-key', 'email-token'],
  },
  { env: { AUTH_STRATEGY: 'jwt', JWT_VALIDATION: 'session' }, modes: ['jwt/session'] },
] as const;

/** Searches everything that is written while all strategies are used, misused and cut off. */
export const secrets: Proof = {
  name: 'secrets',
  about: `${linesWanted} log lines, the metrics and every refusal of all strategies, with faults: no credential in any spelling`,
  async run(say) {
    control();
    const world = await startSoakWorld();
    const over = new AbortController();
    try {
      const apis = await Promise.all(guards.map(({ env }) => world.startApi(env)));
      const sending = apis.map((api, index) => send(world, api, guards[index]!.modes, over.signal));
      const started = performance.now();
      for (const fault of cycle()) {
        const { lines, leaks } = world.searched();
        if (lines >= linesWanted || leaks.length > 0 || performance.now() - started > longest) break;
        say(`${lines} lines`);
        await world.proxy.set(fault);
        await delay(fault === faults.none ? goodMilliseconds : faultMilliseconds);
      }
      over.abort();
      const statuses = (await Promise.all(sending)).reduce(
        (sum, one) =>
          Object.fromEntries(
            [...Object.entries(sum), ...Object.entries(one)].map(([status]) => [
              status,
              (sum[status] ?? 0) + (one[status] ?? 0),
            ]),
          ),
        {},
      );
      for (const api of apis) world.search(await api.metrics());
      const { lines, leaks, secrets: searchedFor } = world.searched();
      const figures = {
        'log lines': lines,
        'searched for': searchedFor,
        found: leaks.length,
        answers: JSON.stringify(statuses),
      };
      if (leaks.length > 0 || lines < linesWanted)
        throw new Error([...leaks.slice(0, 10), JSON.stringify(figures)].join('\n  '));
      return figures;
    } finally {
      over.abort();
      await world.close();
    }
  },
};

function* cycle(): Generator<Fault> {
  for (;;) for (const fault of Object.values<Fault>(faults)) yield* [faults.none, fault];
}

/** Throws unless a secret planted in a log line is found in each spelling. */
function control(): void {
  const planted = 'planted/secret+with:äwkward%characters-0123456789';
  const scan = new SecretScan();
  scan.learn('planted secret', planted);
  const bytes = Buffer.from(planted);
  const inside = Buffer.from(`ada@example.com:${planted}.`);
  const spelled = [
    planted,
    encodeURIComponent(planted),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    inside.toString('base64'),
  ];
  for (const text of spelled) {
    const line = JSON.stringify({ level: 'info', msg: `request of ${text}`, route: '/me' });
    if (scan.find(line).length !== 1) throw new Error(`the search is blind: it does not find ${text}`);
  }
}

type Statuses = Record<string, number>;

/** Presents valid, unknown and made-up credentials in the right and in wrong places, as fast as possible. */
async function send(
  world: SoakWorld,
  api: ApiProcess,
  modes: readonly ModeName[],
  over: AbortSignal,
): Promise<Statuses> {
  const pool = new Pool(api.url, { connections: atOnce });
  const statuses: Statuses = {};
  const current: Issued[] = [];
  const renew = async () => {
    while (!over.aborted) {
      for (const mode of modes) {
        const forged = await modeOf(mode).tricks.unknown(world.contract);
        world.learn('made-up credential', forged);
        current.unshift(...(await world.issue(mode, 2)), forged);
      }
      current.splice(60);
      await delay(1_000);
    }
  };
  let turn = 0;
  const sender = async () => {
    while (!over.aborted) {
      const issued = current[turn % current.length];
      const request = shapes[turn % shapes.length]!;
      turn += 1;
      if (!issued) await delay(50);
      else await ask(request(issued));
    }
  };
  const ask = async ({ path, headers }: Sent) => {
    const answer = await pool.request({ method: 'GET', path, headers, signal: AbortSignal.timeout(10_000) });
    const body = await answer.body.text();
    statuses[answer.statusCode] = (statuses[answer.statusCode] ?? 0) + 1;
    world.search(body);
    world.search(JSON.stringify(answer.headers));
  };
  await Promise.all([renew(), ...Array.from({ length: atOnce }, sender)]);
  await pool.destroy();
  return statuses;
}

interface Sent {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

const addresses = 200;
let address = 0;
const from = () => ({ 'x-forwarded-for': `198.51.100.${(address += 1) % addresses}` });

/** Where credentials are sent: mostly in their header. */
const shapes: readonly ((issued: Issued) => Sent)[] = [
  ({ headers }) => ({ path: '/me', headers: { ...headers, ...from() } }),
  ({ headers }) => ({ path: '/todos', headers: { ...headers, ...from() } }),
  ({ headers }) => ({ path: '/me', headers: { ...headers, ...from() } }),
  ({ secrets: [secret = ''] }) => ({
    path: `/todos?access_token=${encodeURIComponent(secret)}`,
    headers: from(),
  }),
  ({ secrets: [secret = ''] }) => ({ path: `/todos?cursor=${encodeURIComponent(secret)}`, headers: from() }),
  ({ secrets: [secret = ''] }) => ({ path: `/todos/${encodeURIComponent(secret)}`, headers: from() }),
  ({ secrets: [secret = ''] }) => ({
    path: '/me',
    headers: { authorization: `Bearer ${secret} trailing`, ...from() },
  }),
  ({ secrets: [secret = ''] }) => ({ path: '/me', headers: { authorization: `Basic ${secret}`, ...from() } }),
  ({ secrets: [secret = ''], headers }) => ({
    path: '/me',
    headers: { ...headers, 'x-api-key': secret, ...from() },
  }),
  ({ secrets: [secret = ''] }) => ({ path: '/me', headers: { cookie: `app.at=${secret}`, ...from() } }),
];

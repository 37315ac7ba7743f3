import { setTimeout as delay } from 'node:timers/promises';
import { defaultLimits } from '../../../tools/gateways/src/policy.js';
import { publishedKey, rsaKey } from '../../../tools/issuer/src/signing-key.js';
import type { Header } from '../../services/gateways/client.js';
import {
  endpointOf,
  forwardAuthGateways,
  type Gateway,
  keyOf,
  policyFor,
  startGateway,
} from '../../services/gateways/gateway.js';
import { type GatewayWorld, startGatewayWorld } from '../../services/gateways/gateway-world.js';
import { missingProgram, type ProgramName } from '../../services/gateways/programs.js';
import { type LoadResult, startLoad } from '../../services/gateways/steady-load.js';
import type { Figures, Proof } from '../proof.js';

const perSecond = 25;
const defaultMinutes = 10;
const between = 60_000;
/** For this long a process replaced by a reload may still have idle connections, and knows only the old keys. */
const untilTaken = 12_000;

const installed: readonly (readonly [ProgramName, string])[] = [
  ['haproxy', 'haproxy-native'] as const,
  ...(Object.entries(forwardAuthGateways) as [ProgramName, string][]),
].filter(([program]) => missingProgram(program) === undefined);

/** A signing key; the gateways have copies of it. */
type Key = ReturnType<typeof publishedKey>;

export const gatewayRotation: Proof = {
  name: 'gateway-rotation',
  about: `${defaultMinutes} minutes (--minutes) of ${perSecond} requests a second through each gateway that is installed here, with a new key and a reload every minute, refuse nobody`,
  async run(say, { minutes = defaultMinutes }) {
    if (installed.length === 0) throw new Error('neither HAProxy nor nginx nor Caddy is installed here');
    const world = await startGatewayWorld();
    const gateways: Gateway[] = [];
    try {
      const api = await world.startApi();
      const forwardAuth = [endpointOf((await world.startForwardAuth()).url)] as const;
      const policy = {
        ...policyFor(world, api.url),
        forwardAuth,
        // Everything shares this machine: a late verdict is not a refusal.
        limits: { ...defaultLimits, verdictMs: 5_000 },
      };
      for (const [program, configuration] of installed)
        gateways.push(await startGateway(program, { configuration, policy }));
      return await rotate(world, { gateways, minutes, say, discard: () => void api.take() });
    } finally {
      for (const gateway of gateways) await gateway.stop();
      await world.close();
    }
  },
};

interface Rotation {
  readonly gateways: readonly Gateway[];
  readonly minutes: number;
  readonly say: (text: string) => void;
  /** Discards the requests that the API has recorded. */
  readonly discard: () => void;
}

/**
 * Publishes a key, reloads the gateways with it, and signs with it once no process is left that does not know it.
 * Tokens of the previous key are sent until the middle of the minute; that key is removed when the next one is
 * published.
 */
async function rotate(world: GatewayWorld, { gateways, minutes, say, discard }: Rotation): Promise<Figures> {
  const { published } = world.issuer.keys;
  let [old, current]: [Key | undefined, Key] = [undefined, newKey()];
  const keysInForce = () => [old, current].flatMap((key) => (key ? [keyOf(key, 'RS256')] : []));
  const bearer = (key: Key): Header => ['Authorization', `Bearer ${world.mint.token({}, {}, key)}`];
  const take = async () => {
    for (const gateway of gateways) await gateway.change({ keys: keysInForce() });
  };
  published.push(current.jwk);
  await take();
  let tokens = [bearer(current)];
  let turn = 0;
  const loads = gateways.map(({ url }) =>
    startLoad({ url, perSecond, connections: 4, next: () => [tokens[(turn += 1) % tokens.length]!] }),
  );
  for (let minute = 1; minute <= minutes; minute += 1) {
    if (old) published.splice(published.indexOf(old.jwk), 1);
    [old, current] = [current, newKey()];
    published.push(current.jwk);
    await take();
    await delay(untilTaken);
    tokens = [bearer(old), bearer(current)];
    await delay(between / 2 - untilTaken);
    tokens = [bearer(current)];
    await delay(between / 2);
    discard();
    say(`${minute} of ${minutes} keys`);
  }
  return judge(await Promise.all(loads.map((load) => load.stop())));
}

const newKey = (): Key => publishedKey('RS256', rsaKey());

function judge(results: readonly LoadResult[]): Figures {
  const figures = Object.fromEntries(
    results.map(({ statuses, repeated }, index) => {
      const counts = [...statuses].map(([status, count]) => `${status} × ${count}`).join(', ');
      return [installed[index]?.[1] ?? '', `${counts}; ${repeated} repeated after a reset`];
    }),
  );
  if (results.some(({ statuses }) => [...statuses.keys()].some((status) => status !== 200)))
    throw new Error(JSON.stringify(figures));
  return figures;
}

import type { FusionAuthContext } from '../../../../../apps/dev-center/src/context.js';
import type { HandOver } from '../../../../../apps/dev-center/src/issuers/issuer.js';
import type { Call, CallCounter } from '../../dev-center/call-counter.js';
import { clientWith } from '../../dev-center/client.js';
import { issuerOf, notedIssuer } from '../../dev-center/issuers.js';
import type { Mode } from '../../modes.js';
import { statusOf } from '../../world/apis.js';
import type { World } from '../../world/world.js';

/** The result of a client's set-up. */
export interface SetUp {
  /** The calls to FusionAuth until the client's first 200. */
  readonly calls: readonly Call[];
  /** Seconds from the request for a credential to the client's first 200. */
  readonly seconds: number;
  /** Whether the client got another valid credential after its own was refused. */
  readonly renewed: boolean;
  /** Id of the object for it in FusionAuth. */
  readonly id: string;
  /** The number of requests that the API accepted, with the cache time at 0. */
  readonly requests: number;
}

export interface Site {
  readonly world: World;
  readonly counter: CallCounter;
  readonly context: FusionAuthContext;
  /** Of the API. */
  readonly url: string;
}

/** The number of requests after the set-up, which may be recorded. */
const furtherRequests = 3;

/** Makes a credential with the Dev Center's issuer, and uses it as a client does until it needs another one. */
export async function setUpOne(mode: Mode, { world, counter, context, url }: Site): Promise<SetUp> {
  counter.take();
  const began = performance.now();
  const issuer = notedIssuer(world, context, issuerOf[mode.kind]);
  const plan = await issuer.plan({ client: { name: 'set-up', roles: ['todo-reader'] } });
  const handOver: HandOver = await plan.make(() => undefined);
  const client = await clientWith(handOver, counter.url);
  let requests = 0;
  const ask = async (headers: Record<string, string>) => {
    const status = await statusOf(`${url}/todos`, headers);
    if (status !== 200) throw new Error(`${mode.id}: a good credential was answered ${status}`);
    requests += 1;
  };
  try {
    const first = await client.headers();
    await ask(first);
    const seconds = (performance.now() - began) / 1000;
    const calls = counter.take();
    client.source.invalidate();
    const second = await client.headers();
    for (let time = 0; time < furtherRequests; time += 1) await ask(second);
    const renewed = JSON.stringify(second) !== JSON.stringify(first);
    return { calls, seconds, renewed, requests, id: plan.fusionauthId };
  } finally {
    await client.close();
  }
}

/** Counts the steps of a set-up. A page that is shown and submitted is two calls and one step, by a person. */
export function stepsIn(calls: readonly Call[]): { readonly steps: number; readonly human: number } {
  const human = calls.filter(({ page }) => page).length;
  return { steps: calls.length - human, human };
}

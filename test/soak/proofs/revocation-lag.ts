import { applicationId } from '../../../tools/issuer/src/token-minter.js';
import { percentile } from '../../../tools/measure/src/statistics.js';
import type { ContractWorld } from '../../contract/contract-world.js';
import type { Issued } from '../../contract/mode.js';
import { personTricks } from '../../contract/people.js';
import type { Figures, Proof } from '../proof.js';
import { issueAccepted, type PushWorld, startPushWorld, untilAll } from '../push-world.js';

const replicas = 3;
const repeats = 50;
const promisedMs = 1_000;

type Action = (world: ContractWorld, issued: Issued) => Promise<unknown>;

/** The actions of an operator of FusionAuth that end access. */
const actions: Readonly<Record<string, Action>> = {
  'revoke the session': ({ admin }, { sessionId = '' }) => admin('DELETE', `/api/jwt/refresh/${sessionId}`),
  'revoke all sessions of the user': ({ admin }, { userId = '' }) =>
    admin('DELETE', `/api/jwt/refresh?userId=${userId}`),
  'revoke the user’s sessions of the application': ({ admin }, { userId = '' }) =>
    admin('DELETE', `/api/jwt/refresh?userId=${userId}&applicationId=${applicationId}`),
  'revoke all sessions of the application': ({ admin }) =>
    admin('DELETE', `/api/jwt/refresh?applicationId=${applicationId}`),
  'lock by a user action': (world, issued) => personTricks.lock(world, issued),
  'deactivate the user': (world, issued) => personTricks.deactivate(world, issued),
  'delete the user': (world, issued) => personTricks.removeUser(world, issued),
  'take a role away': ({ admin }, { userId = '' }) =>
    admin('PUT', `/api/user/registration/${userId}`, { registration: { applicationId, roles: [] } }),
  'delete the registration': ({ admin }, { userId = '' }) =>
    admin('DELETE', `/api/user/registration/${userId}/${applicationId}`),
};

/** Measures how soon after an action at FusionAuth its access tokens are refused everywhere. */
export const revocationLag: Proof = {
  name: 'revocation-lag',
  about: `${repeats} of each revoking action on ${replicas} replicas of one PostgreSQL: refused by all within ${promisedMs} ms in 95 of 100`,
  async run(say) {
    const world = await startPushWorld();
    try {
      for (let count = 0; count < replicas; count += 1) await world.start();
      const figures: Record<string, string> = {};
      const all: number[] = [];
      for (const [name, act] of Object.entries(actions)) {
        const lags = await measure(world, act, (done) => say(`${name}: ${done} of ${repeats}`));
        all.push(...lags);
        figures[name] = summaryOf(lags);
      }
      figures['all actions'] = summaryOf(all);
      figures['the part that is the sandbox’s delivery'] = summaryOf(deliveriesOf(world));
      if (percentile(all, 0.95) > promisedMs) throw new Error(JSON.stringify(figures, null, 2));
      return figures satisfies Figures;
    } finally {
      await world.close();
    }
  },
};

/** Returns the milliseconds from before the action to the first refusal by the last replica. */
async function measure(world: PushWorld, act: Action, say: (done: number) => void): Promise<number[]> {
  const lags: number[] = [];
  while (lags.length < repeats) {
    const issued = await issueAccepted(world);
    const began = Date.now();
    const [refusedAt] = await Promise.all([
      untilAll(world.replicas, issued, 401, 10_000),
      act(world.contract, issued),
    ]);
    lags.push(refusedAt - began);
    if (lags.length % 10 === 0) say(lags.length);
  }
  return lags;
}

const deliveriesOf = ({ contract }: PushWorld): number[] =>
  contract.sandbox.webhooks.deliveries().flatMap(({ milliseconds }) => milliseconds ?? []);

const summaryOf = (milliseconds: readonly number[]): string =>
  Object.entries({ p50: 0.5, p95: 0.95, max: 1 })
    .map(([name, share]) => `${name} ${Math.round(percentile(milliseconds, share))} ms`)
    .join(', ');

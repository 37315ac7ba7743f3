import type { WebhookEvent } from '#gatehouse/fusionauth';
import type { Clock } from '#gatehouse/platform';
import type { KeySource } from '../strategies/jwt/key-source.js';
import type { ActionLookup } from './action-lookup.js';
import type { EventOutcome } from './received.js';
import { type Revocation, revocationKey } from './revocation.js';
import { consequenceOf, type Ours } from './revocations-of.js';

/** Applies the consequence of an authentic event of FusionAuth; rejects if it could not be recorded. */
export type ApplyEvent = (event: WebhookEvent) => Promise<EventOutcome>;

export interface ApplyEventSettings {
  readonly ours: Ours;
  /** Applies revocations, here and at the other replicas; resolves with the number of instants that moved. */
  readonly record: (revocations: readonly Revocation[]) => Promise<number>;
  readonly keys: Pick<KeySource, 'announced'>;
  readonly preventsLogin: ActionLookup;
  /** How long after its instant an event may concern a token that is still valid, in milliseconds. */
  readonly keepMs: number;
  readonly clock: Clock;
}

/** How far FusionAuth's clock may be ahead of ours. An event further ahead would revoke tokens yet to be issued. */
const aheadMs = 60_000;

export function eventApplier(settings: ApplyEventSettings): ApplyEvent {
  const { ours, record, keys, preventsLogin, keepMs, clock } = settings;
  return async (event) => {
    if (event.type === 'other') return 'irrelevant';
    const consequence = consequenceOf(event, ours);
    if (consequence === 'irrelevant' || consequence === 'foreign') return consequence;
    const { createInstant: revokedBefore } = event;
    const keepUntil = revokedBefore + keepMs;
    if (revokedBefore > clock() + aheadMs) return 'from_the_future';
    if (keepUntil <= clock()) return 'expired';
    if (consequence === 'refresh-keys') {
      keys.announced();
      return 'refreshed_keys';
    }
    const { target, ifActionPreventsLogin: actionId } = consequence;
    if (actionId !== undefined && !(await preventsLogin(actionId))) return 'irrelevant';
    const moved = await record([{ key: revocationKey(target), revokedBefore, keepUntil }]);
    return moved > 0 ? 'applied' : 'repeated';
  };
}

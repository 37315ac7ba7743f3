import type { FusionAuthData } from '#gatehouse/fusionauth';
import type { Clock, Logger, Registry } from '#gatehouse/platform';
import { type Refusal, unavailable } from '../core/failure.js';
import type { Acceptance, Issued, StrategyReadiness } from '../core/strategy.js';
import type { AuthConfig } from '../settings.js';
import type { KeySource } from '../strategies/jwt/key-source.js';
import { rejected } from '../strategies/jwt/reasons.js';
import { actionLookup } from './action-lookup.js';
import { eventApplier } from './apply-event.js';
import type { EventOutcome, ReadBody } from './received.js';
import { reconciliation } from './reconciliation.js';
import { commitAllowanceMs } from './revocation.js';
import { RevocationList } from './revocation-list.js';
import type { RevocationMemory } from './revocation-memory.js';
import { revocationMetrics } from './revocation-metrics.js';
import { webhookReceiver } from './webhook-receiver.js';
import { signatureFaults } from './webhook-signature.js';

export interface PushRevocationParts {
  readonly memory: RevocationMemory;
  /** Shared with the verifier of tokens, which starts and closes it. */
  readonly keys: KeySource;
  readonly fusionAuth: Pick<FusionAuthData, 'records' | 'webhookLog'>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: Registry;
}

// Created once, because every request may need one.
const revoked = rejected('revoked');
const unknown = unavailable('revocations');

/** FusionAuth announces nothing about machines. */
const concerns = (acceptance: Acceptance): acceptance is Acceptance & { readonly issued: Issued } =>
  acceptance.issued !== undefined && acceptance.principal.kind === 'user';

export type PushRevocation = ReturnType<typeof pushRevocation>;

/**
 * Revocation by FusionAuth's webhooks (REVOCATION=push): receives them, and checks each accepted token against them.
 */
export function pushRevocation(config: AuthConfig, parts: PushRevocationParts) {
  const { kid, list, take, reconciler } = assemble(config, parts);
  const { count } = revocationMetrics(parts.metrics, { list, reconciler });
  const failsClosed = config.REVOCATION_FAIL === 'closed';
  const newsMayBeMissing = () => list.isStale() || reconciler.isLate();
  return {
    async start(): Promise<void> {
      await list.start();
      reconciler.start();
    },
    close(): void {
      reconciler.close();
      list.close();
    },
    /** Handles a webhook; never rejects. */
    receive: async (signature: string | undefined, readBody: ReadBody): Promise<EventOutcome> => {
      const outcome = await take(signature, readBody);
      count(outcome);
      return outcome;
    },
    concerns,
    /** Refuses a user's token that was revoked, or that may have been while the list cannot be read. */
    refusalOf: (acceptance: Acceptance): Refusal | undefined => {
      if (!concerns(acceptance)) return undefined;
      if (list.refuses(acceptance.principal, acceptance.issued)) return revoked;
      return !list.isLoaded || (failsClosed && newsMayBeMissing()) ? unknown : undefined;
    },
    /** Notes the session of an accepted token, to check it for as long as the token is valid. */
    note: ({ expiresAt, principal: { kind, sessionId } }: Acceptance): void => {
      if (kind === 'user' && sessionId !== undefined && expiresAt !== undefined)
        reconciler.note(sessionId, expiresAt);
    },
    readiness(): StrategyReadiness {
      const { pending, degraded } = list.readiness();
      const late = reconciler.isLate() ? [eventsMayBeMissing] : [];
      const keyless = parts.keys.mayHold(kid) ? [] : [webhooksAreRefused];
      return { pending, degraded: [...degraded, ...late, ...keyless] };
    },
  };
}

const eventsMayBeMissing =
  'revocations may be missing: FusionAuth’s log of events has not been read for five minutes';
const webhooksAreRefused = `webhooks are refused: ${signatureFaults['unknown-key']}`;

function assemble(config: AuthConfig, parts: PushRevocationParts) {
  const { fusionAuth, memory, keys, clock, log } = parts;
  const { FUSIONAUTH_TENANT_ID: tenantId, FUSIONAUTH_APPLICATION_ID: applicationId } = config;
  const { WEBHOOK_KEY_ID: kid = '', FUSIONAUTH_DEADLINE_MS: deadlineMs } = config;
  const keepMs = lifeSeconds(config) * 1000 + commitAllowanceMs;
  const list = new RevocationList({ memory, applicationId, keepMs, clock, log });
  const record: RevocationMemory['record'] = (revocations) => list.record(revocations);
  const preventsLogin = actionLookup(fusionAuth.records.userAction, { clock, log, deadlineMs });
  const ours = { tenantId, applicationId };
  const apply = eventApplier({ ours, record, keys, preventsLogin, keepMs, clock });
  const take = webhookReceiver({ key: { kid, keys }, apply, clock, log });
  const clockSkewMs = config.CLOCK_SKEW_SECONDS * 1000;
  const reconciler = reconciliation({ fusionAuth, memory, apply, record, keepMs, clockSkewMs, clock, log });
  return { kid, list, take, reconciler };
}

/** How long after its issue a token may be accepted, in seconds. */
const lifeSeconds = (config: AuthConfig): number =>
  config.MAX_TOKEN_LIFETIME_SECONDS + config.CLOCK_SKEW_SECONDS;

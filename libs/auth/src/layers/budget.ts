import { LRUCache } from 'lru-cache';
import type { Clock } from '#gatehouse/platform';
import type { Authenticate, Outcome } from '../core/authenticator.js';
import { andThen } from '../core/awaitable.js';
import { throttled } from '../core/failure.js';
import type { Principal } from '../core/principal.js';

interface Spent {
  readonly since: number;
  requests: number;
}

const minuteMs = 60_000;
const maxClients = 20_000;

/**
 * Limits each client to `perMinute` accepted requests per replica, and reports the remaining quota in
 * `RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers). Counts after the verification, so that
 * nobody can spend another client's quota.
 */
export function budget({ clock, perMinute }: { clock: Clock; perMinute: number }) {
  const clients = new LRUCache<string, Spent>({ max: maxClients });
  const spend = (client: string): Spent => {
    const before = clients.get(client);
    const current = before && clock() - before.since < minuteMs ? before : { since: clock(), requests: 0 };
    current.requests += 1;
    clients.set(client, current);
    return current;
  };
  const charge = (outcome: Outcome): Outcome => {
    if (!outcome.verdict.ok) return outcome;
    const { since, requests } = spend(clientOf(outcome.verdict.principal));
    const seconds = Math.max(1, Math.ceil((since + minuteMs - clock()) / 1000));
    const headers = {
      'RateLimit-Policy': `"client";q=${perMinute};w=60`,
      RateLimit: `"client";r=${Math.max(0, perMinute - requests)};t=${seconds}`,
    };
    return requests > perMinute
      ? { ...outcome, verdict: throttled(seconds, 'requests'), headers }
      : { ...outcome, headers };
  };
  return (inner: Authenticate): Authenticate =>
    (request) =>
      andThen(inner(request), charge);
}

const clientOf = ({ issuer, kind, subject }: Principal): string =>
  `${kind}:${issuer.length}:${issuer}${subject}`;

import { LRUCache } from 'lru-cache';
import type { Clock } from '#gatehouse/platform';
import type { Check } from '../core/authenticator.js';
import { isRefused, throttled } from '../core/failure.js';

const minuteMs = 60_000;
/** Maximum number of addresses that are counted; beyond it the least recently active one starts at zero. */
const maxAddresses = 10_000;

/**
 * Stops calling FusionAuth for an address after `perMinute` of its credentials were refused within 60 s. Credentials
 * accepted before still pass, so that a guesser behind a shared proxy cannot lock out its neighbours. Calls in flight
 * when the limit is reached still run.
 */
export function throttle<C>(
  inner: Check<C>,
  { clock, perMinute }: { clock: Clock; perMinute: number },
): Check<C> {
  const refusals = new LRUCache<string, readonly number[]>({ max: maxAddresses });
  const recent = (from: string) => (refusals.get(from) ?? []).filter((at) => clock() - at < minuteMs);
  return async (credential, caller) => {
    const from = networkOf(caller.address);
    const used = caller.known ? [] : recent(from);
    const oldest = used.at(-perMinute);
    if (oldest !== undefined) return throttled(Math.ceil((oldest + minuteMs - clock()) / 1000));
    const verdict = await inner(credential, caller);
    if (isRefused(verdict)) refusals.set(from, [...recent(from), clock()]);
    return verdict;
  };
}

/**
 * Returns the network that counts as one caller, of an address as `addressOf` spells it: an IPv4 address itself; of
 * IPv6 the /64, because a single host controls all of it (RFC 4291 section 2.5.4).
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const gap = Math.max(0, 8 - head.length - tail.length);
  const groups = [...head, ...Array<string>(gap).fill('0'), ...tail];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

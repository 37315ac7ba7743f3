import { LRUCache } from 'lru-cache';
import type { Clock } from '#gatehouse/platform';
import type { Check } from '../core/check.js';
import { isRefused, throttled } from '../core/failure.js';

export interface ThrottleSettings {
  readonly clock: Clock;
  /** Refusals by FusionAuth that one address may cause in any 60 s. */
  readonly perMinute: number;
}

const minute = 60_000;
/** Addresses counted at a time; beyond, the one that was quiet for longest starts afresh. */
const limit = 10_000;

/**
 * Stops asking FusionAuth for an address whose credentials it keeps refusing. A credential that was accepted before
 * passes, so that a guesser behind the same proxy cannot shut out its neighbours. What is in flight when the last
 * attempt is used up still runs.
 */
export function throttle<C>(inner: Check<C>, { clock, perMinute }: ThrottleSettings): Check<C> {
  const refusals = new LRUCache<string, readonly number[]>({ max: limit });
  const recent = (from: string) => (refusals.get(from) ?? []).filter((at) => clock() - at < minute);
  return async (credential, caller) => {
    const from = networkOf(caller.address);
    const used = caller.known ? [] : recent(from);
    const oldest = used.at(-perMinute);
    if (oldest !== undefined) return throttled(Math.ceil((oldest + minute - clock()) / 1000));
    const verdict = await inner(credential, caller);
    if (isRefused(verdict)) refusals.set(from, [...recent(from), clock()].slice(-perMinute));
    return verdict;
  };
}

/**
 * What counts as one caller, of an address as `addressOf` spells it: IPv4 as it is; of IPv6 the /64, for one host
 * commands the whole of it (RFC 4291 section 2.5.4).
 */
export function networkOf(address: string): string {
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  const groups = (text: string) => text.split(':').filter(Boolean);
  const gap = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(Math.max(0, gap)).fill('0'), ...groups(tail ?? '')];
  return `${all.slice(0, 4).join(':')}::/64`;
}

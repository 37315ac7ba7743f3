import type { CellReader } from '../cells.js';
import type { Judgement } from './claim.js';

export const local = 'jwt/local';
export const remote = ['jwt/introspection', 'jwt/session'] as const;

/** Judges by how many of the modes do it: all, some or none. */
export function byShare(
  seen: readonly string[],
  modes: readonly string[],
  because: { all: string; some: string; none: string },
): Judgement {
  if (seen.length === 0) return { verdict: 'false', because: because.none };
  return seen.length === modes.length
    ? { verdict: 'true', because: because.all }
    : { verdict: 'depends', because: because.some };
}

/** Fetches of the key set, one a minute, are far below one call per thousand requests. */
const noCallsToSpeakOf = 1;

export function noContact(cells: CellReader): Judgement {
  const calls = ['1', '100', '10000'].map((clients) => cells.number('calls', `calls-${clients}`, local));
  const most = Math.max(...calls);
  return most <= noCallsToSpeakOf
    ? { verdict: 'true', because: `At most ${most} calls in 1,000 requests, for any number of clients.` }
    : { verdict: 'false', because: `Up to ${most} calls in 1,000 requests.` };
}

/** A saving counts from a fifth on: less is within the variation between machines and hours. */
const worthwhile = 0.8;

/** Judges by CPU time per request, against every mode that calls FusionAuth. */
export function fasterBecauseLocal(cells: CellReader): Judgement {
  const cheaper = (row: string) =>
    remote.every((mode) => cells.number('cost', row, local) < worthwhile * cells.number('cost', row, mode));
  const [fresh, known] = [cheaper('cpu-new'), cheaper('cpu-known')];
  if (fresh && known)
    return { verdict: 'true', because: 'New and known tokens cost less than with a remote check.' };
  if (!fresh && !known)
    return { verdict: 'false', because: 'A remote check costs no more, new token or known.' };
  return {
    verdict: 'depends',
    because: fresh
      ? 'A token seen for the first time costs less than with a remote check. One that is known costs about the same: its acceptance is remembered for the trust time.'
      : 'A known token costs less than with a remote check, a new one does not.',
  };
}

import type { Hit } from '../../../../measure/src/load.js';
import { rounded } from '../../../../measure/src/statistics.js';
import type { Finding } from '../../experiment.js';

/** The time limit for a full recovery. */
export const recoveryLimitMs = 20_000;

/** The requests before, during and after an outage. */
export interface Seen {
  /** Requests with credentials that were used before; due by the time since the first of them. */
  readonly known: readonly Hit[];
  /** Requests with new credentials; due by the time since the outage started. */
  readonly strangers: readonly Hit[];
  /** The outage, by the time since the first request. */
  readonly beginMs: number;
  readonly endMs: number;
  /** The time from the end of the outage until a new credential is accepted; Infinity: not in time. */
  readonly recoveryMs: number;
}

/** Returns the cells of a mode for one kind of outage. */
export function findings(mode: string, fault: string, seen: Seen): Finding[] {
  const { known, strangers, beginMs, endMs, recoveryMs } = seen;
  const during = known.filter(({ dueMs }) => dueMs >= beginMs && dueMs < endMs);
  const both = [...during, ...strangers];
  const of = (name: string, share: number, samples: number): Finding => ({
    mode,
    row: `${fault}/${name}`,
    value: rounded(share),
    samples,
    text: `${rounded(share * 100)} %`,
  });
  const served = (name: string, hits: readonly Hit[], points: [number, number][]): Finding => {
    const found = share(hits, 200);
    return { ...of(name, found, hits.length), rating: ratingOf(found), points };
  };
  const refused = both.filter(({ status }) => status === 401 || status === 403).length;
  return [
    served('served', during, timeLine(known)),
    served('served-new', strangers, timeLine(strangers, beginMs)),
    of('unavailable', share(both, 503), both.length),
    {
      mode,
      row: `${fault}/unauthorized`,
      value: refused,
      samples: both.length,
      text: String(refused),
      rating: refused === 0 ? 'good' : 'poor',
    },
    recovery(mode, `${fault}/recovery`, recoveryMs),
  ];
}

function recovery(mode: string, row: string, recoveryMs: number): Finding {
  if (!Number.isFinite(recoveryMs)) {
    const why = `not within ${recoveryLimitMs / 1000} s`;
    return { mode, row, text: 'not at all', why, rating: 'poor' };
  }
  const seconds = rounded(recoveryMs / 1000);
  return { mode, row, value: seconds, samples: 1, text: `${seconds} s` };
}

const share = (hits: readonly Hit[], status: number): number =>
  hits.filter((hit) => hit.status === status).length / hits.length;

const ratingOf = (served: number): Finding['rating'] =>
  served > 0.99 ? 'good' : served > 0.01 ? 'fair' : 'poor';

/** Returns the share served in each second; the first hit was due `afterMs` after the very first request. */
function timeLine(hits: readonly Hit[], afterMs = 0): [number, number][] {
  const bySecond = Map.groupBy(hits, ({ dueMs }) => Math.floor((afterMs + dueMs) / 1000));
  return [...bySecond].map(([second, inIt]) => [second, rounded(share(inIt, 200))]);
}

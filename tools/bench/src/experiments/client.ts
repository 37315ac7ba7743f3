import { median, paired, rounded, summary } from '../../../measure/src/statistics.js';
import type { Experiment } from '../bench.js';
import { inTurns } from '../rounds.js';
import type { Caller, CallName } from '../targets/calls.js';

/** Measures the caller's cost of a call to FusionAuth, alternating with the official client. */
export const client: Experiment = {
  goals: ['G17'],
  about: 'CPU of a call to FusionAuth',
  async run(bench) {
    const { url: fusionAuthUrl } = await bench.fusionAuth();
    const target = await bench.target('calls', { fusionAuthUrl });
    const times = bench.quick ? 150 : 1_000;
    const calls: Record<string, object> = {};
    const medians = [];
    for (const call of ['introspection', 'API key probe', 'log-in'] as const satisfies CallName[]) {
      const measure = (by: Caller) => () => target.ask<number>('measure', { by, call, times });
      const { official, ours } = await inTurns(bench.quick ? 3 : 9, {
        official: measure('official client'),
        ours: measure('ours'),
      });
      const quotients = paired(official, ours);
      medians.push(quotients.median);
      const [oursMicroseconds, officialMicroseconds] = [rounded(median(ours)), rounded(median(official))];
      calls[call] = { ...summary(quotients), oursMicroseconds, officialMicroseconds };
      bench.note(`${call}: ${oursMicroseconds} µs, official client ${officialMicroseconds} µs`);
    }
    return { G17: { figures: { 'official client / ours': Math.min(...medians) }, detail: { calls } } };
  },
};

import type { Experiment } from '../bench.js';
import { summary } from '../compare.js';
import { result } from '../goals.js';
import { median, paired, rounded } from '../statistics.js';
import type { Caller, Calling, CallName } from '../targets/calls.js';

const names: readonly CallName[] = ['introspection', 'API key probe', 'log-in'];

/** What a call to FusionAuth costs the caller, in turns with the official client. */
export const client: Experiment = {
  goals: ['G17'],
  about: 'CPU of a call to FusionAuth',
  async run(bench) {
    const { url: fusionAuthUrl } = await bench.fusionAuth();
    const target = await bench.target('calls', { fusionAuthUrl });
    const times = bench.quick ? 150 : 1_000;
    const ask = (by: Caller, call: CallName) =>
      target.ask<number>('measure', { by, call, times } satisfies Calling);
    const calls: Partial<Record<CallName, object>> = {};
    const medians = [];
    for (const name of names) {
      const taken: Record<Caller, number[]> = { ours: [], 'official client': [] };
      // The first of each compiles.
      for (let number = 0; number <= (bench.quick ? 3 : 9); number += 1)
        for (const by of ['official client', 'ours'] as const) taken[by].push(await ask(by, name));

      const [officialCpu, ourCpu] = [taken['official client'].slice(1), taken.ours.slice(1)];
      const quotients = paired(officialCpu, ourCpu);
      medians.push(quotients.median);
      calls[name] = {
        ...summary(quotients),
        oursMicroseconds: rounded(median(ourCpu)),
        officialMicroseconds: rounded(median(officialCpu)),
      };
      bench.note(
        `${name}: ${rounded(median(ourCpu))} µs, official client ${rounded(median(officialCpu))} µs`,
      );
    }
    const least = Math.min(...medians);
    return [result('G17', rounded(least), least >= 2, { calls })];
  },
};

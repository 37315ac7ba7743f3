import { z } from 'zod';
import { type Arguments, commaList, flagOption, option, outputFile } from '#gatehouse/platform';
import { aimOf, goalIds, goals } from './goals.js';

export const options = {
  quick: flagOption('fewer and shorter rounds, under 90 s'),
  only: option(
    commaList(
      z
        .string()
        .toUpperCase()
        .pipe(z.enum(goalIds, `must be some of ${goalIds.join(', ')}`)),
    )
      .refine((list) => list.length > 0, 'must name a goal')
      .optional(),
    { value: 'LIST', about: 'only these goals, G1,G5 for example' },
  ),
  json: option(outputFile().optional(), {
    value: 'FILE',
    about: 'also writes machine, node, commit and results as JSON',
  }),
  docs: flagOption('measures nothing: writes docs/performance.md and .svg from docs/performance.json'),
};

export type BenchArguments = Arguments<typeof options>;

export const about = `the performance goals, measured side by side with their peers

Usage:
  npm run bench                     all goals, within about 12 minutes
  npm run bench -- --quick --only G1,G5

The server has a core for itself, load and stand-ins have the other; where that cannot be had, the output says so.
G14, G15, G16, G18 and G19 use the server of DATABASE_URL, in a database of their own, or the PostgreSQL that is installed.`;

export const notes = `Exit codes: 0 no goal is missed, 1 one is, 2 an unknown option or goal. A row that is left out, or in which the load was
the limit, is neither met nor missed and says why.

Goals:
${goalIds.map((id) => `  ${id.padEnd(4)} ${goals[id].title} (${aimOf(goals[id])})`).join('\n')}`;

import { parseArgs } from 'node:util';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { type GoalId, goalIds, goals } from './goals.js';

export interface BenchArguments {
  readonly help: boolean;
  readonly quick: boolean;
  /** Renders the documents from the record instead of measuring. */
  readonly docs: boolean;
  readonly only: readonly GoalId[];
  readonly json: string | undefined;
}

export const help = `bench: the performance goals, measured side by side with their peers

Usage:
  npm run bench                     all goals, within about 12 minutes
  npm run bench -- --quick          fewer and shorter rounds, under 90 s
  npm run bench -- --only G1,G5     these goals
  npm run bench -- --json FILE      also writes machine, node, commit and results as JSON
  npm run bench -- --docs           no measuring: makes docs/performance.md and .svg from docs/performance.json

The server has a core for itself, load and stand-ins have the other; where that cannot be had, the output says so.
G14, G15, G16 and G19 use the server of DATABASE_URL, in a database of their own, or the PostgreSQL that is installed.

Exit codes: 0 no goal is missed, 1 one is, 2 an unknown option or goal. A row that is left out, or in which the load was
the limit, is neither met nor missed and says why.

Goals:
${goalIds.map((id) => `  ${id.padEnd(4)} ${goals[id].title} (${goals[id].goal})`).join('\n')}
`;

/** Reads the command line. Throws an ExitError 2 that says what was not understood. */
export function parseArguments(args: readonly string[]): BenchArguments {
  const { values } = parsed(args);
  const only = values.only?.split(',').map((id) => id.trim().toUpperCase()) ?? goalIds;
  const unknown = only.find((id) => !goalIds.some((known) => known === id));
  if (unknown !== undefined) throw misused(`There is no goal ${unknown}.`);
  return {
    help: values.help,
    quick: values.quick,
    docs: values.docs,
    only: only as GoalId[],
    json: values.json,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', default: false },
        quick: { type: 'boolean', default: false },
        docs: { type: 'boolean', default: false },
        only: { type: 'string' },
        json: { type: 'string' },
      },
    });
  } catch (error) {
    throw misused(`${(error as Error).message.split('. ')[0]}.`);
  }
}

const misused = (what: string): ExitError =>
  new ExitError(`${what} Try: npm run bench -- --help`, exitCodes.usage);

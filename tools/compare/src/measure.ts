import { endOnSignal, exitCodes, processEnvironment, table } from '#gatehouse/platform';
import { timed } from '../../measure/src/machine.js';
import { ownFusionAuth } from './against/against.js';
import type { CompareArguments } from './arguments.js';
import { compare } from './compare.js';
import type { Report, Section } from './report.js';
import { storeReport } from './report/write.js';
import { apisInProcess } from './world/apis.js';
import { Ground } from './world/ground.js';

/** Measures, shows the result, and stores the report. Resolves with the exit code. */
export async function measure(args: CompareArguments, say: (text: string) => void): Promise<number> {
  const { against: url, only } = args;
  const own = url === undefined ? undefined : await ownFusionAuth({ url, only }, processEnvironment(), say);
  const comparison = compare({
    only: own?.modes ?? only,
    ...(own && {
      ground: new Ground({ apis: apisInProcess, fusionAuth: () => Promise.resolve(own) }),
      fusionauth: own.version,
    }),
    sections: args.sections,
    full: args.full,
    command: ['npm run compare', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    note,
  });
  // The report first, so that it is stored even if closing fails; closing even if the report cannot be stored.
  const conclude = async () => {
    try {
      const report = comparison.report();
      say(`\n${summary(report)}\n`);
      await storeReport(report, args);
      return report;
    } finally {
      await comparison.close();
      // A run without a section that needs FusionAuth has only its journal to close.
      await own?.close();
    }
  };
  // Once: closing after a signal makes the experiments fail, and the run would conclude again.
  let concluded: ReturnType<typeof conclude> | undefined;
  endOnSignal(() => (concluded ??= conclude()));
  await comparison.done;
  const { made } = await (concluded ??= conclude());
  return made.complete ? exitCodes.done : exitCodes.workHeld;
}

function note(text: string): void {
  process.stderr.write(`${timed(text)}\n`);
}

/** Renders the report as text for a terminal: a table for each section, a column for each mode. */
function summary({ made, modes, sections }: Report): string {
  const { complete, missing, seconds } = made;
  const ending = complete
    ? `Complete, in ${seconds} s.`
    : `Not complete, after ${seconds} s. Missing:\n${missing.map((one) => `  ${one}`).join('\n')}`;
  return [...sections.map((section) => sectionTable(section, modes)), ending].join('\n\n');
}

function sectionTable({ title, rows, cells }: Section, modes: Report['modes']): string {
  const textOf = (row: string, mode: string) =>
    cells.find((cell) => cell.row === row && cell.mode === mode)?.text ?? '';
  return `${title}\n${table([
    ['', ...modes.map(({ id }) => id)],
    ...rows.map((row) => [row.title, ...modes.map(({ id }) => textOf(row.id, id))]),
  ])}`;
}

import { endOnSignal, exitCodes, runTool } from '#gatehouse/platform';
import { about, type CompareArguments, notes, options } from './arguments.js';
import { compare } from './compare.js';
import { checkOutput, keepReport } from './output.js';
import { summary } from './summary.js';

const began = performance.now();
const say = (text: string) => void process.stdout.write(`${text}\n`);

await runTool({ name: 'compare', command: 'npm run compare', about, notes, options, run });

async function run(args: CompareArguments): Promise<number> {
  checkOutput(args);
  const comparison = compare({
    only: args.only,
    sections: args.sections,
    full: args.full,
    command: ['npm run compare', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(
      ' ',
    ),
    note,
  });
  const conclude = async () => {
    const report = comparison.report();
    say(`\n${summary(report)}\n`);
    await keepReport(report, args);
    return report;
  };
  endOnSignal(async () => {
    // First what there is, so that it is kept whatever closing brings.
    await conclude();
    await comparison.close();
  });
  await comparison.done;
  const { made } = await conclude();
  await comparison.close();
  return made.complete ? exitCodes.done : exitCodes.workHeld;
}

function note(text: string): void {
  const seconds = `${((performance.now() - began) / 1000).toFixed(0)} s`;
  process.stderr.write(`${seconds.padStart(5)}  ${text}\n`);
}

import { endOnSignal, exitCodes, misused, processEnvironment, runTool } from '#gatehouse/platform';
import { timed } from '../../measure/src/machine.js';
import { ownFusionAuth } from './against/against.js';
import { about, type CompareArguments, notes, options, positionals } from './arguments.js';
import { runChoose } from './choose/run-choose.js';
import { compare } from './compare.js';
import { runDiff } from './diff.js';
import { newestReport, noteOnOrigin, pagesOf } from './read-report.js';
import { checkOutput, storeReport, writeDocuments } from './report/write.js';
import { serveReport } from './serve.js';
import { summary } from './summary.js';
import { apisInProcess } from './world/apis.js';
import { Ground } from './world/ground.js';

const say = (text: string) => void process.stdout.write(`${text}\n`);

const command = 'npm run compare';
await runTool({ name: 'compare', command, about, notes, options, positionals, run });

async function run(args: CompareArguments): Promise<number> {
  if (args.diff !== undefined) {
    if (args.other === undefined) throw misused(command, '--diff needs two reports: --diff A.json B.json.');
    return runDiff([args.diff, args.other], say);
  }
  if (args.other !== undefined) throw misused(command, `'${args.other}' is not understood.`);
  if (args.choose !== undefined) {
    const exitCode = runChoose(newestReport(args.out), args.choose, say);
    sayOrigin(args.out);
    return exitCode;
  }
  if (args.serve) return serve(args);
  if (!args.docs) return measure(args);
  await writeDocuments('docs', 'README.md');
  return exitCodes.done;
}

/** Serves until a signal stops it. */
async function serve({ out, port }: CompareArguments): Promise<number> {
  const server = await serveReport(await pagesOf(out), port);
  endOnSignal(() => server.close());
  sayOrigin(out);
  say(
    `The comparison     ${server.url}/compare/\nWhich one fits me  ${server.url}/compare/choose\n\nCtrl-C ends it.`,
  );
  return new Promise(() => undefined);
}

function sayOrigin(directory: string): void {
  const note = noteOnOrigin(directory);
  if (note !== undefined) process.stderr.write(`${note}\n`);
}

async function measure(args: CompareArguments): Promise<number> {
  checkOutput(args);
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

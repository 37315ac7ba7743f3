import { endOnSignal, exitCodes, misused, runTool } from '#gatehouse/platform';
import { about, type CompareArguments, notes, options, positionals } from './arguments.js';
import { runChoose } from './choose/run-choose.js';
import { runDiff } from './diff.js';
import { newestReport, noteOnOrigin, pagesOf } from './read-report.js';
import { checkOutput, writeDocuments } from './report/write.js';
import { serveReport } from './serve.js';

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
  if (args.docs) {
    await writeDocuments('docs', 'README.md');
    return exitCodes.done;
  }
  checkOutput(args);
  // Loaded here, so that everything else need not wait for Nest.
  const { measure } = await import('./measure.js');
  return measure(args, say);
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

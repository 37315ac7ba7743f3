import { writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { endOnSignal, exitCodes, runTool, table } from '#gatehouse/platform';
import { tokenMinter } from '../../issuer/src/token-minter.js';
import { moveToGeneratorCore } from '../../measure/src/child.js';
import { timed } from '../../measure/src/machine.js';
import { about, type BenchArguments, notes, options } from './arguments.js';
import { Bench, type Experiment } from './bench.js';
import { writeDocuments } from './documents/documents.js';
import { experiments } from './experiments/index.js';
import { type GoalId, goalIds } from './goals.js';
import { judge, NotMeasured, type Result } from './outcome.js';
import { machineText, record } from './record.js';

/** Several times the duration of an experiment. */
const limitMinutes = 10;

const say = (text: string) => process.stdout.write(`${text}\n`);

await runTool({
  name: 'bench',
  command: 'npm run bench',
  about,
  notes,
  options,
  run: (args) => (args.docs ? render() : measure(args)),
});

async function render(): Promise<number> {
  await writeDocuments('docs');
  return exitCodes.done;
}

async function measure({ quick, only = goalIds, json }: BenchArguments): Promise<number> {
  say(machineText());
  const bench = new Bench(quick, tokenMinter(), note);
  endOnSignal(() => bench.closeAll());
  const chosen = experiments
    .map((experiment) => ({ experiment, wanted: experiment.goals.filter((id) => only.includes(id)) }))
    .filter(({ wanted }) => wanted.length > 0);
  await bench.tokens(
    Math.max(0, ...chosen.map(({ experiment, wanted }) => experiment.tokens?.(wanted, quick) ?? 0)),
  );
  moveToGeneratorCore();
  const results: Result[] = [];
  for (const { experiment, wanted } of chosen) {
    results.push(...(await measured(experiment, bench, wanted)));
    // After each, so that an interrupted run leaves its results so far.
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(record(results), null, 2)}\n`);
  }
  say(`\n${asTable(record(results).results)}\n`);
  return results.some(({ ok }) => ok === false) ? 1 : 0;
}

/** Runs an experiment. A failure is reported and affects the goals of this experiment only. */
async function measured(experiment: Experiment, bench: Bench, wanted: readonly GoalId[]): Promise<Result[]> {
  say(`\n${wanted.join(', ')}: ${experiment.about}`);
  const without = (reason: string) => wanted.map((id) => judge(id, { figures: {}, undecided: reason }));
  if (bench.quick && experiment.tooLong !== undefined)
    return without(`--quick leaves it out: ${experiment.tooLong}`);
  try {
    const outcomes = await Promise.race([experiment.run(bench, wanted), late()]);
    return wanted.map((id) => judge(id, outcomes[id] ?? { figures: {} }));
  } catch (error) {
    const { message } = error as Error;
    say(`  failed: ${message}`);
    const isOurs = !(error instanceof NotMeasured);
    return without(message).map((one) => (isOurs ? { ...one, ok: false } : one));
  } finally {
    await bench.closeAll();
  }
}

/** Rejects at the time limit, so that nothing that hangs keeps the run from finishing. */
async function late(): Promise<never> {
  await delay(limitMinutes * 60_000, undefined, { ref: false });
  throw new Error(`not done within ${limitMinutes} minutes`);
}

function note(text: string): void {
  say(`  ${timed(text)}`);
}

function asTable(results: readonly Result[]): string {
  const rows = results.map(({ id, value, unit, goal, ok, detail }) => [
    id,
    value ?? '-',
    unit,
    goal,
    ok === null ? '?' : ok ? 'met' : 'MISSED',
    detail.reason ?? '',
  ]);
  return table([['goal', 'value', 'unit', 'aim', '', 'reason'], ...rows]);
}

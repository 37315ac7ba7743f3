import { readFileSync } from 'node:fs';
import { machine } from '../../measure/src/machine.js';
import type { Experiment } from './experiment.js';
import { stages } from './experiments/index.js';
import { type Mode, modes } from './modes.js';
import { Recording } from './recording.js';
import type { Cell, Report, SectionId } from './report.js';
import { Ground } from './world/ground.js';

export interface CompareOptions {
  /** Ids of modes; by default all. */
  readonly only?: readonly string[] | undefined;
  /** By default all. */
  readonly sections?: readonly SectionId[] | undefined;
  readonly full: boolean;
  /** The command line of the run, for the reader of the report. */
  readonly command: string;
  /** Reports progress. */
  readonly note: (text: string) => void;
  /** Called with each completed cell. */
  readonly filled?: (section: SectionId, cell: Cell) => void;
  readonly ground?: Ground;
  /** The version of the operator's own FusionAuth; by default the sandbox. */
  readonly fusionauth?: string;
}

/** A running comparison, which can return its report at any moment. */
export interface Comparison {
  /** Returns the report so far, complete in form at any moment: it names what it lacks. */
  readonly report: () => Report;
  /** Resolves when everything was tried. Never rejects because of an experiment. */
  readonly done: Promise<void>;
  /** Stops everything that was started; running experiments fail. */
  readonly close: () => Promise<void>;
}

/** Starts a comparison. */
export function compare(options: CompareOptions): Comparison {
  const { ground = new Ground(), only, sections } = options;
  const chosen = modes.filter(({ id }) => only?.includes(id) ?? true);
  const planned = stages
    .map((stage) => stage.filter(({ id }) => sections?.includes(id) ?? true))
    .filter((stage) => stage.length > 0);
  const header = {
    at: new Date().toISOString(),
    command: options.command,
    machine: machine(),
    versions: {
      gatehouse: ourVersion(),
      node: process.version,
      fusionauth: options.fusionauth ?? 'sandbox',
      database: 'none (the guard alone, with its memory in the process)',
    },
  };
  const recording = new Recording(header, chosen, planned.flat(), options.filled);
  const context = { recording, ground, modes: chosen, options };
  return {
    report: () => recording.report(),
    done: runStages(planned, context),
    close: () => ground.close(),
  };
}

function ourVersion(): string {
  const manifest = readFileSync('package.json', 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

interface Context {
  readonly recording: Recording;
  readonly ground: Ground;
  readonly modes: readonly Mode[];
  readonly options: CompareOptions;
}

async function runStages(planned: readonly (readonly Experiment[])[], context: Context): Promise<void> {
  for (const stage of planned) await Promise.all(stage.map((experiment) => runOne(experiment, context)));
}

async function runOne(experiment: Experiment, { recording, ground, modes, options }: Context): Promise<void> {
  const { id, title, question } = experiment;
  const { full } = options;
  const note = (text: string) => options.note(`${id}: ${text}`);
  options.note(`${title}: ${question}`);
  await recording.run(id, (put) => experiment.run({ modes, full, note, put, ground }));
  const trouble = recording.trouble(id);
  note(trouble === undefined ? 'done' : `failed: ${trouble}`);
}

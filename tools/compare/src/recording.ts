import type { Experiment, Finding } from './experiment.js';
import { described, type Mode } from './modes.js';
import { type Cell, type Report, reportFormat, type Section, type SectionId } from './report.js';

type Header = Omit<Report['made'], 'seconds' | 'complete' | 'missing'>;

interface Progress {
  readonly experiment: Experiment;
  readonly cells: Map<string, Cell>;
  state: 'waiting' | 'running' | 'done' | 'failed';
  /** The reason why it failed. */
  trouble?: string;
}

/** A report that grows while the experiments run. At any moment it is complete in form, and names what it lacks. */
export class Recording {
  readonly #began = performance.now();
  readonly #sections: readonly Progress[];

  constructor(
    private readonly header: Header,
    private readonly modes: readonly Mode[],
    experiments: readonly Experiment[],
    /** Called with each completed cell. */
    private readonly filled: (section: SectionId, cell: Cell) => void = () => undefined,
  ) {
    this.#sections = experiments.map((experiment) => ({
      experiment,
      cells: new Map(),
      state: 'waiting' as const,
    }));
  }

  /** Runs one of the experiments. A failure is recorded, and does not affect other experiments. */
  async run(id: SectionId, work: (put: (finding: Finding) => void) => Promise<void>): Promise<void> {
    const section = this.#of(id);
    section.state = 'running';
    try {
      await work((finding) => this.#put(section, finding));
      section.state = 'done';
    } catch (error) {
      section.state = 'failed';
      section.trouble = (error as Error).message;
    }
  }

  /** Returns the reason why an experiment failed; undefined if it did not. */
  trouble = (id: SectionId): string | undefined => this.#of(id).trouble;

  report(): Report {
    const missing = this.#sections.flatMap(({ experiment: { id }, state, trouble }) => {
      const { lacks } = gaps[state](trouble);
      return lacks === undefined ? [] : [`${id}: ${lacks}`];
    });
    return {
      format: reportFormat,
      made: {
        ...this.header,
        seconds: Math.round((performance.now() - this.#began) / 100) / 10,
        complete: missing.length === 0,
        missing,
      },
      modes: this.modes.map(described),
      sections: this.#sections.map((section) => this.#section(section)),
    };
  }

  #of(id: SectionId): Progress {
    const found = this.#sections.find(({ experiment }) => experiment.id === id);
    if (!found) throw new Error(`${id} is not among the experiments of this run`);
    return found;
  }

  #put({ experiment, cells }: Progress, finding: Finding): void {
    const row = experiment.rows.find(({ id }) => id === finding.row);
    if (!row) throw new Error(`${experiment.id} has no row ${finding.row}`);
    const cell: Cell = { how: row.how, evidence: { kind: 'measured' }, ...finding };
    cells.set(`${finding.row} ${finding.mode}`, cell);
    this.filled(experiment.id, cell);
  }

  #section(progress: Progress): Section {
    const { id, title, question, rows } = progress.experiment;
    return {
      id,
      title,
      question,
      rows: rows.map(({ how: _how, ...row }) => row),
      cells: rows.flatMap((row) =>
        this.modes.map(
          (mode): Cell =>
            progress.cells.get(`${row.id} ${mode.id}`) ?? {
              mode: mode.id,
              row: row.id,
              text: 'not measured',
              why: gaps[progress.state](progress.trouble).cell,
              evidence: { kind: 'measured' },
              how: row.how,
            },
        ),
      ),
    };
  }
}

/** Why a cell has no value, and what the report lacks, by the state of the experiment. */
const gaps: Record<
  Progress['state'],
  (trouble?: string) => { readonly cell: string; readonly lacks?: string }
> = {
  waiting: () => ({ cell: 'the run ended before this was begun', lacks: 'not begun' }),
  running: () => ({ cell: 'the run ended while this was being measured', lacks: 'interrupted' }),
  failed: (trouble = 'failed') => ({ cell: `this experiment failed: ${trouble}`, lacks: trouble }),
  done: () => ({ cell: 'this experiment gave no figure for it' }),
};

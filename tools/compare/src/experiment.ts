import type { Mode } from './modes.js';
import type { Cell, Evidence, Row, SectionId } from './report.js';
import type { Ground } from './world/ground.js';

/** A row of a section, and how its cells are measured. */
export interface RowPlan extends Row {
  readonly how: string;
}

/** A cell without what its row says of all its cells. */
export interface Finding extends Omit<Cell, 'how' | 'evidence'> {
  readonly how?: string;
  /** Measured unless it says otherwise. */
  readonly evidence?: Evidence;
}

/** Takes a finding as soon as there is one, so that an interrupted run has it and a page that is open shows it. */
export type Put = (finding: Finding) => void;

/** What one experiment is run on. */
export interface Run {
  readonly modes: readonly Mode[];
  /** More repeats, and longer. */
  readonly full: boolean;
  /** Tells what is going on. */
  readonly note: (text: string) => void;
  readonly put: Put;
  readonly ground: Ground;
}

/** One question, put to every mode: one section of the report. */
export interface Experiment {
  readonly id: SectionId;
  readonly title: string;
  readonly question: string;
  readonly rows: readonly RowPlan[];
  run(run: Run): Promise<void>;
}

/** A cell for which there is nothing to measure. */
export const notApplicable = (mode: Mode, row: string, why: string): Finding => ({
  mode: mode.id,
  row,
  text: 'not applicable',
  why,
});

import type { Mode } from './modes.js';
import type { Cell, Evidence, Row, SectionId } from './report.js';
import type { Ground } from './world/ground.js';

/** A row of a section, and how its cells are measured. */
export interface RowPlan extends Row {
  readonly how: string;
}

/** A cell without the members that it shares with its row. */
export interface Finding extends Omit<Cell, 'how' | 'evidence'> {
  readonly how?: string;
  /** Measured by default. */
  readonly evidence?: Evidence;
}

/** Receives a finding as soon as there is one, so that an interrupted run keeps it and an open page shows it. */
export type Put = (finding: Finding) => void;

/** The context in which one experiment runs. */
export interface Run {
  readonly modes: readonly Mode[];
  /** More and longer repeats. */
  readonly full: boolean;
  /** Reports progress. */
  readonly note: (text: string) => void;
  readonly put: Put;
  readonly ground: Ground;
}

/** One question asked of every mode: one section of the report. */
export interface Experiment {
  readonly id: SectionId;
  readonly title: string;
  readonly question: string;
  readonly rows: readonly RowPlan[];
  run(run: Run): Promise<void>;
}

/** Returns a cell for which there is nothing to measure. */
export const notApplicable = (mode: Mode, row: string, why: string): Finding => ({
  mode: mode.id,
  row,
  text: 'not applicable',
  why,
});

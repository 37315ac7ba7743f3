import type { Cell, Report, SectionId } from './report.js';

/** The position of a cell in a report. */
export interface CellPlace {
  readonly section: SectionId;
  readonly row: string;
  readonly mode: string;
}

/** The value of a lag cell whose credential worked until it expired. */
export const atExpiry = 'at-expiry';

/** Thrown when a reader requests a value that the report does not have. */
export class NotMeasured extends Error {
  constructor(
    readonly place: CellPlace,
    readonly why: string | undefined,
  ) {
    super(`${place.section}, ${place.row}, ${place.mode}: ${why ?? 'not in this report'}`);
  }
}

/** Reads cells of a report and records which, so that a conclusion can name the cells that it rests on. */
export class CellReader {
  readonly places: CellPlace[] = [];

  constructor(private readonly report: Report) {}

  /** Returns whether the report includes this mode. */
  has(mode: string): boolean {
    return this.report.modes.some(({ id }) => id === mode);
  }

  /** Returns the cell, or undefined where the report has none. */
  cell(section: SectionId, row: string, mode: string): Cell | undefined {
    const place = { section, row, mode };
    if (!this.places.some((known) => samePlace(known, place))) this.places.push(place);
    return findCell(this.report, place);
  }

  /** Returns the cell's value. Throws NotMeasured where there is none. */
  value(section: SectionId, row: string, mode: string): number | boolean | string {
    const cell = this.cell(section, row, mode);
    if (cell?.value === undefined) throw new NotMeasured({ section, row, mode }, cell?.why);
    return cell.value;
  }

  number(section: SectionId, row: string, mode: string): number {
    const value = this.value(section, row, mode);
    if (typeof value === 'number') return value;
    throw new NotMeasured({ section, row, mode }, `its value is ${value}, not a number`);
  }

  /** Returns whether a credential lost access before it expired. */
  seesInTime(action: string, mode: string, trustSeconds: 0 | 1): boolean {
    return this.value('lag', `${action}/${trustSeconds}`, mode) !== atExpiry;
  }
}

export const samePlace = (one: CellPlace, other: CellPlace): boolean =>
  one.section === other.section && one.row === other.row && one.mode === other.mode;

export function findCell(report: Report, { section, row, mode }: CellPlace): Cell | undefined {
  const cells = report.sections.find(({ id }) => id === section)?.cells;
  return cells?.find((cell) => cell.row === row && cell.mode === mode);
}

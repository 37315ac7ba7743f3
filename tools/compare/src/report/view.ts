import { atExpiry, type CellPlace } from '../cells.js';
import type { Cell, Evidence, Report, Row, Section, SectionId } from '../report.js';

export type Rating = NonNullable<Cell['rating']>;

/** A cell as the page and the Markdown show it. */
export interface CellView {
  /** Good as an id in a page. */
  readonly id: string;
  /** The id of what opens. */
  readonly popover: string;
  readonly text: string;
  readonly rating: Rating | undefined;
  /** Measured, documented, or measured on a FusionAuth; absent where there is nothing to show. */
  readonly evidence: string | undefined;
  readonly kind: Evidence['kind'] | undefined;
  /** What a reader finds behind the cell, as term and text. */
  readonly details: readonly (readonly [term: string, text: string])[];
}

export interface RowView {
  readonly section: SectionId;
  readonly title: string;
  readonly cells: readonly CellView[];
  /** How its cells were measured, each way once. */
  readonly how: readonly string[];
}

export interface SectionView {
  readonly id: SectionId;
  readonly title: string;
  readonly question: string;
  readonly rows: readonly RowView[];
}

/** The rows that decide most choices. A row that the report lacks is left out. */
const summaryRows: readonly (readonly [SectionId, string])[] = [
  ['cost', 'cpu-new'],
  ['cost', 'cpu-known'],
  ['calls', 'calls-100'],
  ['lag', 'lock-user/1'],
  ['lag', 'revoke-refresh-token/1'],
  ['lag', 'delete-key/1'],
  ['outage', 'refused/served'],
  ['outage', 'refused/served-new'],
  ['outage', 'refused/recovery'],
  ['set-up', 'steps'],
  ['set-up', 'human-steps'],
  ['set-up', 'secrets'],
  ['set-up', 'plan'],
  ['blast-radius', 'opened'],
];

export const summaryOf = (report: Report): RowView[] =>
  summaryRows.flatMap(([id, rowId]) => {
    const section = report.sections.find((one) => one.id === id);
    const row = section?.rows.find((one) => one.id === rowId);
    return section && row ? viewRow(report, section, row) : [];
  });

export const sectionsOf = (report: Report): SectionView[] =>
  report.sections.map((section) => ({
    id: section.id,
    title: section.title,
    question: section.question,
    rows: section.rows.map((row) => viewRow(report, section, row)),
  }));

function viewRow(report: Report, section: Section, row: Row): RowView {
  const cells = report.modes.map(({ id: mode, title }) => {
    const cell = section.cells.find((one) => one.row === row.id && one.mode === mode);
    const id = placeId({ section: section.id, row: row.id, mode });
    const popover = `${section.id}-${cell ? section.cells.indexOf(cell) : -1}`;
    return { id, popover, ...viewCell(cell, `${row.title}, ${title}`) };
  });
  const inRow = section.cells.filter((cell) => cell.row === row.id);
  return { section: section.id, title: row.title, cells, how: [...new Set(inRow.map(({ how }) => how))] };
}

/** The id of a cell in the page, which links lead to. */
export const placeId = ({ section, row, mode }: CellPlace): string =>
  [section, row, mode].join(' ').replaceAll(/[^\w]+/g, '-');

function viewCell(cell: Cell | undefined, title: string): Omit<CellView, 'id' | 'popover'> {
  const evidence = cell && evidenceText(cell.evidence);
  return {
    text: cell ? shortText(cell) : 'not measured',
    rating: cell && ratingOf(cell),
    evidence,
    kind: cell?.evidence.kind,
    details: cell ? detailsOf(cell, title, evidence ?? '') : [],
  };
}

/** The number alone where the text counts things up: what they are is behind the cell. */
const shortText = ({ text, value }: Cell): string =>
  typeof value === 'number' && text.startsWith(`${value}: `) ? String(value) : text;

const ratingOf = ({ rating, value }: Cell): Rating | undefined =>
  rating ?? (value === atExpiry ? 'poor' : undefined);

function detailsOf(cell: Cell, title: string, evidence: string): [string, string][] {
  const { interval, samples, tooFewSamples, why, how } = cell;
  const few = tooFewSamples ? ', too few to rely on' : '';
  return [
    ['What', title],
    // What the cell itself shows need not be said again.
    ...(shortText(cell) === cell.text ? [] : [['Value', cell.text] as [string, string]]),
    ...(why === undefined ? [] : [['Why', why] as [string, string]]),
    ...(interval ? [['95 % interval', `${interval[0]} to ${interval[1]}`] as [string, string]] : []),
    ...(samples === undefined ? [] : [['Samples', `${samples}${few}`] as [string, string]]),
    ['How', how],
    ['Evidence', evidence],
  ];
}

/** What a cell rests on, in words. */
export function evidenceText(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'measured':
      return 'measured';
    case 'as-documented':
      return `as documented: section ${evidence.section}, ${evidence.tag}`;
    case 'measured-on':
      return `measured on FusionAuth ${evidence.version}`;
  }
}

/** Each way to measure once, with the rows that it stands for. */
export function waysToMeasure({ rows }: SectionView): [how: string, rows: string[]][] {
  const ways = new Map<string, string[]>();
  for (const { title, how } of rows) for (const way of how) ways.set(way, [...(ways.get(way) ?? []), title]);
  return [...ways];
}

import { atExpiry, type CellPlace } from '../cells.js';
import { sourcesOf } from '../fusionauth-documents.js';
import type { Cell, Evidence, Report, Row, Section, SectionId } from '../report.js';

export type Rating = NonNullable<Cell['rating']>;

/** A cell as the page and the Markdown show it. */
export interface CellView {
  /** Usable as an id in a page. */
  readonly id: string;
  readonly text: string;
  readonly rating: Rating | undefined;
  /** Measured, documented, or measured on a FusionAuth; missing where there is nothing to show. */
  readonly kind: Evidence['kind'] | undefined;
  /** The style of the cell: by its evidence, or as one without a value. */
  readonly look: string | undefined;
  /** The details behind the cell; empty for one that was not measured. */
  readonly details: readonly Detail[];
}

/** A line of the details behind a cell. */
export type Detail = readonly [term: string, text: string];

export interface RowView {
  readonly section: SectionId;
  readonly title: string;
  readonly cells: readonly CellView[];
  /** Each way in which its cells were measured, once. */
  readonly how: readonly string[];
}

export interface SectionView {
  readonly id: SectionId;
  readonly title: string;
  readonly question: string;
  readonly rows: readonly RowView[];
}

/** The rows that decide most choices. A row that the report lacks is omitted. */
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

export const viewSection = (report: Report, section: Section): SectionView => ({
  id: section.id,
  title: section.title,
  question: section.question,
  rows: section.rows.map((row) => viewRow(report, section, row)),
});

function viewRow(report: Report, section: Section, row: Row): RowView {
  const cells = report.modes.map(({ id: mode }) => {
    const cell = section.cells.find((one) => one.row === row.id && one.mode === mode);
    return viewCell({ section: section.id, row: row.id, mode }, cell);
  });
  const inRow = section.cells.filter((cell) => cell.row === row.id);
  return { section: section.id, title: row.title, cells, how: [...new Set(inRow.map(({ how }) => how))] };
}

/** Returns the id of a cell in the page, the target of links. */
export const placeId = ({ section, row, mode }: CellPlace): string =>
  [section, row, mode].join(' ').replaceAll(/[^\w]+/g, '-');

/** Returns a cell as a reader sees it; undefined is one that the report does not have. */
export const viewCell = (place: CellPlace, cell: Cell | undefined): CellView => ({
  id: placeId(place),
  text: cell ? shortText(cell) : 'not measured',
  rating: cell && ratingOf(cell),
  kind: cell?.evidence.kind,
  look: cell && lookOf(cell),
  details: cell ? detailsOf(cell) : [],
});

/** Short forms of frequent texts; the reason is behind the cell. */
const shortOf: Readonly<Record<string, string>> = { 'not applicable': 'n/a' };

/** Returns the number alone where the text is a list of items: they are behind the cell. */
const shortText = ({ text, value }: Cell): string =>
  typeof value === 'number' && text.startsWith(`${value}: `) ? String(value) : (shortOf[text] ?? text);

function lookOf({ text, evidence: { kind } }: Cell): string | undefined {
  if (text in shortOf) return 'none';
  return kind === 'measured' ? undefined : kind;
}

const ratingOf = ({ rating, value }: Cell): Rating | undefined =>
  rating ?? (value === atExpiry ? 'poor' : undefined);

function detailsOf(cell: Cell): Detail[] {
  const { interval, samples, tooFewSamples, why, how, evidence } = cell;
  const few = tooFewSamples ? ', too few to rely on' : '';
  const lines: [term: string, text: string | false | undefined][] = [
    // The text that the cell itself shows is not repeated.
    ['Value', shortText(cell) !== cell.text && cell.text],
    ['Why', why],
    ['95 % interval', interval && `${interval[0]} to ${interval[1]}`],
    ['Samples', samples !== undefined && `${samples}${few}`],
    ['How', how],
    ['Evidence', evidenceText(evidence)],
  ];
  return lines.filter((line): line is [string, string] => typeof line[1] === 'string');
}

/** Describes the evidence of a cell in words. */
function evidenceText(evidence: Evidence): string {
  switch (evidence.kind) {
    case 'measured':
      return 'measured';
    case 'as-documented':
      return basisText(evidence);
    case 'measured-on':
      return `measured on FusionAuth ${evidence.version}`;
  }
}

function basisText(evidence: Extract<Evidence, { kind: 'as-documented' }>): string {
  const { basis, pages } = sourcesOf(evidence);
  const named = pages.map(({ title, url }) => `${title} ${url}`).join('; ');
  switch (basis) {
    case 'documented':
      return `as documented by FusionAuth: ${named}`;
    case 'reported':
      return `as users report it: ${named}`;
    case 'assumed':
      return 'assumed: FusionAuth’s documentation does not say';
  }
}

/** Returns each way to measure once, with its rows. */
export function waysToMeasure({ rows }: SectionView): [how: string, rows: string[]][] {
  const ways = new Map<string, string[]>();
  for (const { title, how } of rows) for (const way of how) ways.set(way, [...(ways.get(way) ?? []), title]);
  return [...ways];
}

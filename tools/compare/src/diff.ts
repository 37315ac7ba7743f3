import { exitCodes } from '#gatehouse/platform';
import { findCell } from './cells.js';
import { readReport } from './read-report.js';
import type { Cell, Report } from './report.js';

/** A cell that both reports have. */
export interface Compared {
  readonly section: string;
  readonly row: string;
  readonly mode: string;
  readonly before: Cell;
  readonly after: Cell;
  /**
   * Changed: beyond the noise that both runs measured, or a different answer. Within: the intervals overlap. Unknown:
   * two different times or rates whose noise neither run measured.
   */
  readonly outcome: 'same' | 'changed' | 'within' | 'unknown';
}

export interface Difference {
  readonly cells: readonly Compared[];
  /** Cells that only one report has. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** Reasons why figures may differ although the code does not. */
  readonly circumstances: readonly string[];
}

export function differenceOf(before: Report, after: Report): Difference {
  const cells = before.sections.flatMap((section) =>
    section.cells.flatMap((cell) => {
      const other = findCell(after, { section: section.id, row: cell.row, mode: cell.mode });
      if (!other) return [];
      const unit = section.rows.find(({ id }) => id === cell.row)?.unit;
      const { row, mode } = cell;
      return {
        section: section.id,
        row,
        mode,
        before: cell,
        after: other,
        outcome: judge(cell, other, unit),
      };
    }),
  );
  return {
    cells,
    onlyBefore: missingIn(before, after),
    onlyAfter: missingIn(after, before),
    circumstances: circumstancesOf(before.made, after.made),
  };
}

function judge(before: Cell, after: Cell, unit: string | undefined): Compared['outcome'] {
  if (typeof before.value !== 'number' || typeof after.value !== 'number')
    return before.value === after.value ? 'same' : 'changed';
  if (before.interval && after.interval) {
    const apart = before.interval[1] < after.interval[0] || after.interval[1] < before.interval[0];
    return apart ? 'changed' : 'within';
  }
  if (before.value === after.value) return 'same';
  return isCount(before.value, unit) && isCount(after.value, unit) ? 'changed' : 'unknown';
}

/** Returns whether a value is a count, which has no noise: steps, secrets, refusals. */
const isCount = (value: number, unit: string | undefined): boolean =>
  Number.isInteger(value) && !/^(m?s|µs|requests\/s)$/.test(unit ?? '');

const missingIn = (one: Report, other: Report): string[] =>
  one.sections.flatMap(({ id: section, cells }) =>
    cells
      .filter(({ row, mode }) => !findCell(other, { section, row, mode }))
      .map(({ row, mode }) => `${section}, ${row}, ${mode}`),
  );

function circumstancesOf(before: Report['made'], after: Report['made']): string[] {
  const pairs: [what: string, before: string, after: string][] = [
    [
      'machine',
      `${before.machine.cpu}, ${before.machine.cores} cores`,
      `${after.machine.cpu}, ${after.machine.cores} cores`,
    ],
    ['Gatehouse', before.versions.gatehouse, after.versions.gatehouse],
    ['Node', before.versions.node, after.versions.node],
    ['FusionAuth', before.versions.fusionauth, after.versions.fusionauth],
    ['database', before.versions.database, after.versions.database],
  ];
  return pairs
    .filter(([, one, other]) => one !== other)
    .map(([what, one, other]) => `${what}: ${one} → ${other}`);
}

/** `--diff A.json B.json`: prints the changes. Exit code 1 where there are any, so that a scheduled job notices. */
export function runDiff(
  files: readonly [before: string, after: string],
  say: (text: string) => void,
): number {
  const [before, after] = [readReport(files[0]), readReport(files[1])];
  const difference = differenceOf(before, after);
  for (const line of linesOf(difference)) say(line);
  return difference.cells.some(({ outcome }) => outcome === 'changed') ? exitCodes.workHeld : exitCodes.done;
}

function linesOf({ cells, onlyBefore, onlyAfter, circumstances }: Difference): string[] {
  const of = (wanted: Compared['outcome']) => cells.filter(({ outcome }) => outcome === wanted);
  const [changed, unknown, quiet] = [of('changed'), of('unknown'), of('same').length + of('within').length];
  return [
    ...circumstances.map((line) => `Different: ${line}`),
    changed.length === 0
      ? 'Nothing changed beyond the noise.'
      : `Changed beyond the noise (${changed.length}):`,
    ...changed.map(cellLine),
    ...(unknown.length === 0 ? [] : [`Different, and neither run measured the noise (${unknown.length}):`]),
    ...unknown.map(cellLine),
    `${quiet} cells are the same or within the noise.`,
    ...onlyBefore.map((place) => `Only in the first: ${place}`),
    ...onlyAfter.map((place) => `Only in the second: ${place}`),
  ];
}

const cellLine = ({ section, row, mode, before, after }: Compared): string =>
  `  ${section}, ${row}, ${mode}: ${shown(before)} → ${shown(after)}`;

const shown = ({ text, interval }: Cell): string =>
  interval ? `${text} (${interval[0]} to ${interval[1]})` : text;

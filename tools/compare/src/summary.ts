import { table } from '#gatehouse/platform';
import type { Report, Section } from './report.js';

/** Renders the report as text for a terminal: a table for each section, a column for each mode. */
export function summary({ made, modes, sections }: Report): string {
  const { complete, missing, seconds } = made;
  const ending = complete
    ? `Complete, in ${seconds} s.`
    : `Not complete, after ${seconds} s. Missing:\n${missing.map((one) => `  ${one}`).join('\n')}`;
  return [...sections.map((section) => sectionTable(section, modes)), ending].join('\n\n');
}

function sectionTable({ title, rows, cells }: Section, modes: Report['modes']): string {
  const textOf = (row: string, mode: string) =>
    cells.find((cell) => cell.row === row && cell.mode === mode)?.text ?? '';
  return `${title}\n${table([
    ['', ...modes.map(({ id }) => id)],
    ...rows.map((row) => [row.title, ...modes.map(({ id }) => textOf(row.id, id))]),
  ])}`;
}

import { columns } from './checks.js';
import { type Answer, type Cell, checks, type Column, type Source } from './checks/check.js';
import type { Gateway } from './gateway.js';
import { gateways } from './gateways/index.js';
import { fill } from './template.js';

const signs: Readonly<Record<Answer, string>> = {
  does: 'does',
  'by-setting': 'by this setting',
  'left-to-api': 'left to the API',
};

/** Renders docs/gateways.md: the checks of each gateway, with the test or the vendor's page that shows them. */
export const renderDocument = (): string =>
  fill('gateways.md', {
    overview: [
      ['Check', ...columns.map(({ title }) => title)],
      ['---', ...columns.map(() => '---')],
      ...Object.entries(checks).map(([check, title]) => [
        title,
        ...columns.map(({ cells }) => signs[cellOf(cells, check).cell]),
      ]),
    ].map(rowOf),
    columns: columns.map(sectionOf),
    checkers: gateways.map(({ name, title, mode, checkedBy }: Gateway) =>
      rowOf([`[${title}](../deploy/gateways/${name}/README.md)`, mode, checkedBy]),
    ),
  });

const rowOf = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

function cellOf(cells: readonly Cell[], check: string): Cell {
  const found = cells.find((one) => one.check === check);
  if (!found) throw new Error(`There is no cell for ${check}.`);
  return found;
}

/** Renders a column as a table, with its sources as numbers of the list after it. */
function sectionOf({ title, cells }: Column) {
  const sources = [...new Set(cells.map(({ source }) => citation(source)))];
  const rows = cells.map(({ check, cell, text, source }) =>
    rowOf([checks[check], signs[cell], text, `${sources.indexOf(citation(source)) + 1}`]),
  );
  return { title, rows, sources: sources.map((source, index) => `${index + 1}. ${source}`) };
}

const citation = (source: Source): string =>
  'page' in source
    ? `the vendor’s page, <${source.page}>`
    : `our test, \`${source.test}\`: "${source.title}"`;

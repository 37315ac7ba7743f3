import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkWritableDirectory, exitCodes, ExitError } from '#gatehouse/platform';
import { pictureFile } from '../../../measure/src/picture/draw.js';
import type { CompareArguments } from '../arguments.js';
import { claimsDocument } from '../claims/document.js';
import { type Report, reportJsonSchema, reportSchema } from '../report.js';
import { drawCharts } from './charts/charts.js';
import { withChoosingTable } from './choosing-table.js';
import { choosePage, htmlReport } from './html.js';
import { markdownReport } from './markdown.js';

/** Writes a report into its own directory: pages, Markdown, claims, pictures and the data they are made from. */
export async function writeReport(report: Report, directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(directory, name), text);
  // The data first: the rest can be made from it.
  write('comparison.json', `${JSON.stringify(report, undefined, 2)}\n`);
  write('choose.html', choosePage(report));
  write('index.html', htmlReport(report, await drawCharts(report)));
  for (const [name, text] of await documentsOf(report)) write(name, text);
}

/** Renders the comparison's files in docs/, by file name, from the record of a run. */
export async function documentsOf(report: Report): Promise<ReadonlyMap<string, string>> {
  const charts = await drawCharts(report);
  const picture = (section: string) => `comparison-${section}.svg`;
  return new Map([
    ['comparison.md', markdownReport(report, charts, { claims: 'claims.md', picture })],
    ['claims.md', claimsDocument(report, 'comparison.md')],
    ['comparison.schema.json', `${JSON.stringify(reportJsonSchema(), undefined, 2)}\n`],
    ...Object.entries(charts).map(([section, svg]): [string, string] => [picture(section), pictureFile(svg)]),
  ]);
}

/** Writes the documents in `directory` from comparison.json there, and the table of `readme`. */
export async function writeDocuments(directory: string, readme: string): Promise<void> {
  const record: unknown = JSON.parse(readFileSync(join(directory, 'comparison.json'), 'utf8'));
  const report = reportSchema.parse(record);
  for (const [name, text] of await documentsOf(report)) writeFileSync(join(directory, name), text);
  writeFileSync(readme, withChoosingTable(readFileSync(readme, 'utf8'), report));
}

type Where = Pick<CompareArguments, 'out' | 'json'>;

/**
 * Checks, before minutes are spent, that the report can be written. Creates nothing, so that a run that cannot start
 * leaves nothing behind. Throws an ExitError 2 with the reason.
 */
export function checkOutput({ out }: Where): void {
  try {
    checkWritableDirectory(out);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new ExitError(
      `--out: ${out} cannot be written (${code}). Name a directory that you may write to.`,
      exitCodes.usage,
    );
  }
}

/** Writes the report to the requested places: the data first, since pages are made from it. */
export async function storeReport(report: Report, { out, json }: Where): Promise<void> {
  if (json !== undefined) replace(json, `${JSON.stringify(report, null, 2)}\n`);
  await writeReport(report, out);
}

/** Replaces a file atomically: a reader sees the old content or the new. */
function replace(file: string, content: string): void {
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, content);
  renameSync(beside, file);
}

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { type Report, reportFormat, reportSchema } from './report.js';
import { writeReport } from './report/write.js';

/** Reads the report of a run. Throws an ExitError 2 that says what to do. */
export function readReport(file: string): Report {
  const read = reportSchema.safeParse(jsonIn(file));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new ExitError(`${file} is no whole report: ${where}: ${issue?.message ?? ''}.`, exitCodes.usage);
}

function jsonIn(file: string): unknown {
  const json = parsed(file);
  const format = typeof json === 'object' && json !== null && 'format' in json ? json.format : undefined;
  if (format === reportFormat) return json;
  const what = typeof format === 'string' ? `is a report of the format ${format}` : 'is not a report';
  throw new ExitError(
    `${file} ${what}; this version reads ${reportFormat}. Make one with: npm run compare -- --json FILE`,
    exitCodes.usage,
  );
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const { code = 'it is not JSON' } = error as NodeJS.ErrnoException;
    throw new ExitError(
      `${file} cannot be read (${code}). Make a report with: npm run compare -- --json ${file}`,
      exitCodes.usage,
    );
  }
}

/** The report in the repository, for readers who have not made their own. */
const published = join('docs', 'comparison.json');

const ownFile = (directory: string) => join(directory, 'comparison.json');

/** Says whose figures {@link newestReport} gives where the directory has none; otherwise undefined. */
export const noteOnOrigin = (directory: string): string | undefined =>
  existsSync(ownFile(directory))
    ? undefined
    : `There is no report in ${directory}, so these are the figures of the repository, measured on another machine. For yours: npm run compare`;

/**
 * Reads the report in a directory; where there is none, the published one. Throws an ExitError 2 that says how to make
 * one.
 */
export function newestReport(directory: string): Report {
  for (const file of [ownFile(directory), published]) if (existsSync(file)) return readReport(file);
  throw new ExitError(`There is no report in ${directory} yet. Make one: npm run compare`, exitCodes.usage);
}

/** Returns a directory with the pages of that report; a temporary one is removed when the process exits. */
export async function pagesOf(directory: string): Promise<string> {
  if (existsSync(ownFile(directory))) return directory;
  const pages = mkdtempSync(join(tmpdir(), 'comparison-'));
  process.once('exit', () => rmSync(pages, { recursive: true, force: true }));
  await writeReport(newestReport(directory), pages);
  return pages;
}

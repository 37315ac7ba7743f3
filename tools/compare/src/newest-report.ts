import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { readReport } from './read-report.js';
import type { Report } from './report.js';
import { writeReport } from './report/write.js';

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

import { accessSync, constants, existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { CompareArguments } from './arguments.js';
import type { Report } from './report.js';
import { writeReport } from './report/write.js';

type Where = Pick<CompareArguments, 'out' | 'json'>;

/**
 * Checks, before minutes are spent, that the report can be written. Creates nothing, so that a run that cannot start
 * leaves nothing behind. Throws an ExitError 2 with the reason.
 */
export function checkOutput({ out }: Where): void {
  try {
    readdirSync(existing(out));
    accessSync(existing(out), constants.W_OK);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new ExitError(
      `--out: ${out} cannot be written (${code}). Name a directory that you may write to.`,
      exitCodes.usage,
    );
  }
}

/** Returns the directory itself, or the nearest existing one above it. */
const existing = (path: string): string => (existsSync(path) ? path : existing(dirname(path)));

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

import { accessSync, constants, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { CompareArguments } from './arguments.js';
import type { Report } from './report.js';
import { writeReport } from './report/write.js';

type Where = Pick<CompareArguments, 'out' | 'json'>;

/** Makes sure, before minutes are spent, that the report can be written. Throws an ExitError 2 that says why not. */
export function checkOutput({ out, json }: Where): void {
  try {
    mkdirSync(out, { recursive: true });
    accessSync(out, constants.W_OK);
  } catch (error) {
    throw refused('--out', out, error);
  }
  try {
    if (json !== undefined) accessSync(dirname(json), constants.W_OK);
  } catch (error) {
    throw refused('--json', json ?? '', error);
  }
}

/** Writes the report where it was asked for: the data first, since pages are made from it. */
export async function keepReport(report: Report, { out, json }: Where): Promise<void> {
  if (json !== undefined) replace(json, `${JSON.stringify(report, null, 2)}\n`);
  await writeReport(report, out);
}

/** A reader sees the old content or the new. */
function replace(file: string, content: string): void {
  const beside = `${file}.${process.pid}.new`;
  writeFileSync(beside, content);
  renameSync(beside, file);
}

function refused(option: string, path: string, error: unknown): ExitError {
  const { code = 'unknown error' } = error as NodeJS.ErrnoException;
  return new ExitError(`${option}: ${path} cannot be written (${code}).`, exitCodes.usage);
}

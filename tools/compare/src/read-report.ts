import { readFileSync } from 'node:fs';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { type Report, reportFormat, reportSchema } from './report.js';

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

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchRecord } from '../record.js';
import { picture } from './picture.js';
import { report } from './report.js';

/** Makes performance.md and performance.svg in `directory` from the performance.json that is there. */
export function writeDocuments(directory: string): void {
  const record = JSON.parse(readFileSync(join(directory, 'performance.json'), 'utf8')) as BenchRecord;
  writeFileSync(join(directory, 'performance.md'), report(record));
  writeFileSync(join(directory, 'performance.svg'), picture(record));
}

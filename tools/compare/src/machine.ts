import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import type { Report } from './report.js';

/** Describes the machine of a run. */
export function machine(): Report['made']['machine'] {
  const [processor] = cpus();
  return {
    cpu: processor?.model.trim() ?? 'unknown processor',
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
  };
}

/** Returns the measured software by version; `fusionauth` is the sandbox unless it is the operator's own. */
export const versions = (fusionauth = 'sandbox'): Report['made']['versions'] => ({
  gatehouse: ourVersion(),
  node: process.version,
  fusionauth,
  database: 'none (the guard alone, with its memory in the process)',
});

function ourVersion(): string {
  const manifest = readFileSync('package.json', 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

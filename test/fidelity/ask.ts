import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '#gatehouse/platform';
import { startSandbox } from '../../tools/sandbox/src/start-sandbox.js';
import { conversation } from './conversation.js';
import { converse, type Target } from './converse.js';
import type { Exchange } from './step.js';
import { entities } from './steps/entities.js';

/** Returns FusionAuth's answers. Entities are skipped when it refuses the first of their steps without a licence. */
export async function askFusionAuth(target: Target): Promise<readonly Exchange[]> {
  const answered = await converse(target, conversation);
  const paid = await converse(target, entities);
  return paid[0]?.status === 400 ? answered : [...answered, ...paid];
}

/** Returns the answers of a sandbox, in a directory that is deleted afterwards. */
export async function askSandbox(log: Logger): Promise<readonly Exchange[]> {
  const dataDir = mkdtempSync(join(tmpdir(), 'gatehouse-fidelity-'));
  const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir, log });
  try {
    return [...(await converse(sandbox, conversation)), ...(await converse(sandbox, entities))];
  } finally {
    await sandbox.close();
    rmSync(dataDir, { recursive: true });
  }
}

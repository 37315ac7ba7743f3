import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from '#gatehouse/platform';
import { startSandbox } from '../../tools/sandbox/src/start-sandbox.js';
import { conversation } from './conversation.js';
import { converse, type Target } from './converse.js';
import type { Exchange } from './step.js';
import { entities } from './steps/entities.js';

/** FusionAuth's answers. Entities are left out when it refuses the first of them for want of a licence. */
export async function askFusionAuth(target: Target): Promise<readonly Exchange[]> {
  const answered = await converse(target, conversation);
  const paid = await converse(target, entities);
  return paid[0]?.status === 400 ? answered : [...answered, ...paid];
}

/** The answers of a sandbox of our own, in a directory that goes afterwards. */
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

import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Sandbox, startSandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import { runTypeScript, startTypeScript } from '../../support/typescript-process.js';
import type { Proof } from '../proof.js';

const kills = 50;
/** How long a run may be at work before it is killed, in milliseconds. */
const longestMs = 6_000;
const program = join(import.meta.dirname, '../../../tools/compare/src/main.ts');
const few = ['--only', 'api-key,jwt/session,client-credentials'];

/** Whatever a comparison makes in somebody's own FusionAuth is removed, even after a kill. */
export const compareKills: Proof = {
  name: 'compare-kills',
  about: `npm run compare -- --against killed ${kills} times at random: the next run leaves nothing behind`,
  async run(say) {
    const directory = await temporaryDirectory();
    const sandbox = await startSandbox({
      port: 0,
      host: '127.0.0.1',
      dataDir: directory.path,
      log: silentLog,
    });
    const left: number[] = [];
    try {
      while (left.length < kills) {
        const found = await killedOnce(sandbox, directory.path);
        left.push(found);
        say(`killed with ${found} things left, the next run removed them`);
      }
      return { kills, 'most things left by a kill': Math.max(...left), 'left by the next run': 0 };
    } finally {
      await sandbox.close();
      await directory.remove();
    }
  },
};

/** Resolves with the number of things that the kill had left. Throws where the next run leaves any. */
async function killedOnce(sandbox: Sandbox, directory: string): Promise<number> {
  const against = ['--against', sandbox.url, '--out', join(directory, 'out'), ...few];
  const env = {
    DATA_DIR: join(directory, 'journal'),
    FUSIONAUTH_BOOTSTRAP_KEY: sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'],
  };
  sandbox.requests.clear();
  const sections = ['--sections', 'lag,set-up,migration,tenants,clients'];
  await killedAtRandom(startTypeScript(program, [...against, ...sections], env), sandbox);
  const found = thingsOf(directory);
  const next = await runTypeScript(program, [...against, '--sections', 'blast-radius'], env);
  // The sandbox writes its state a moment after it has answered.
  for (let tries = 0; tries < 50 && thingsOf(directory) > 0; tries += 1) await delay(100);
  const after = thingsOf(directory);
  if (next.exitCode === 0 && after === 0) return found;
  throw new Error(`${after} of ${found} things left, exit code ${next.exitCode}: ${next.stderr}`);
}

async function killedAtRandom(child: ChildProcess, sandbox: Sandbox): Promise<void> {
  const ended = once(child, 'close');
  child.stdout!.resume();
  child.stderr!.resume();
  while (sandbox.requests.count('POST /api/tenant') === 0 && child.exitCode === null) await delay(2);
  await delay(Math.random() * longestMs);
  child.kill('SIGKILL');
  await ended;
}

/** What bears the comparison's name in FusionAuth, and its users. */
function thingsOf(directory: string): number {
  const state = readFileSync(join(directory, 'sandbox/state.json'), 'utf8');
  return state.match(/Gatehouse comparison|person-[\da-f-]{36}@/g)?.length ?? 0;
}

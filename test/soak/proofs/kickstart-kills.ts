import { type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startSandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import { startTypeScript } from '../../support/typescript-process.js';
import type { Proof } from '../proof.js';

const root = join(import.meta.dirname, '../../..');
const kills = 20;
const applications = 400;
const key = 'the-key-of-the-long-kickstart-file';

/** A sandbox killed while it applies a kickstart file is complete at the next start, or empty. */
export const kickstartKills: Proof = {
  name: 'kickstart-kills',
  about: `the sandbox killed ${kills} times at random while it applies a kickstart file of ${applications + 4} requests: the next start is complete`,
  async run(say) {
    const directory = await temporaryDirectory();
    const { path } = directory;
    const kickstartFile = join(path, 'kickstart.json');
    writeFileSync(kickstartFile, JSON.stringify(longKickstart()));
    const counts = { kills, new: 0, whole: 0 };
    try {
      const needed = await timeNeeded(path, kickstartFile);
      for (let turn = 0; turn < kills; turn += 1) {
        const after = Math.round(Math.random() * needed);
        const left = await killedAfter(after, path, kickstartFile);
        say(`killed after ${after} of ${Math.round(needed)} ms: ${left}`);
        counts[left] += 1;
        await startsWhole(path, kickstartFile);
        rmSync(join(path, 'data'), { recursive: true, force: true });
      }
      return counts;
    } finally {
      await directory.remove();
    }
  },
};

/**
 * Builds a kickstart file with slow requests first and last, so that a kill hits before, among and after the others.
 */
function longKickstart(): object {
  const rsa = (name: string) => ({
    method: 'POST',
    url: '/api/key/generate',
    body: { key: { name, algorithm: 'RS256', length: 3072 } },
  });
  const application = (_item: unknown, index: number) => ({
    method: 'POST',
    url: '/api/application',
    body: { application: { name: `Application ${index}` } },
  });
  const many = Array.from({ length: applications }, application);
  return { apiKeys: [{ key }], requests: [rsa('One'), rsa('Two'), ...many, rsa('Three'), rsa('Four')] };
}

function started(path: string, kickstartFile: string): ChildProcess {
  const child = startTypeScript(join(root, 'tools/sandbox/src/main.ts'), [], {
    PORT: '0',
    DATA_DIR: join(path, 'data'),
    KICKSTART_FILE: kickstartFile,
  });
  child.stdout?.resume();
  child.stderr?.resume();
  return child;
}

const stateFile = (path: string): string => join(path, 'data/sandbox/state.json');
/** Written just before the first request. */
const secretsFile = (path: string): string => join(path, 'data/sandbox/secrets.env');

async function appears(file: string, child: ChildProcess): Promise<void> {
  while (!existsSync(file)) {
    if (child.exitCode !== null) throw new Error('the sandbox did not start');
    await delay(5);
  }
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'close');
  child.kill('SIGKILL');
  await ended;
}

/** Returns the milliseconds from the first request until the state is written. */
async function timeNeeded(path: string, kickstartFile: string): Promise<number> {
  const child = started(path, kickstartFile);
  await appears(secretsFile(path), child);
  const before = performance.now();
  await appears(stateFile(path), child);
  const needed = performance.now() - before;
  await killed(child);
  rmSync(join(path, 'data'), { recursive: true, force: true });
  return needed;
}

/** Returns the state of a sandbox killed the given milliseconds after its first request. */
async function killedAfter(after: number, path: string, kickstartFile: string): Promise<'new' | 'whole'> {
  const child = started(path, kickstartFile);
  await appears(secretsFile(path), child);
  await delay(after);
  await killed(child);
  return existsSync(stateFile(path)) ? 'whole' : 'new';
}

async function startsWhole(path: string, kickstartFile: string): Promise<void> {
  const dataDir = join(path, 'data');
  const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir, log: silentLog, kickstartFile });
  try {
    const answer = await fetch(`${sandbox.url}/api/application`, { headers: { authorization: key } });
    const { applications: found } = (await answer.json()) as { applications: { name: string }[] };
    const names = new Set(found.map(({ name }) => name).filter((name) => name.startsWith('Application ')));
    if (names.size !== applications) throw new Error(`${names.size} of ${applications} applications`);
  } finally {
    await sandbox.close();
  }
}

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
const program = join(import.meta.dirname, '../../../tools/compare/src/main.ts');
const few = ['--only', 'api-key,jwt/session,client-credentials'];
/** Sections that make things of every kind, and do not wait for a token to expire. */
const makers = ['--sections', 'set-up,blast-radius,migration,tenants,clients'];

/** Everything that a comparison makes in the operator's FusionAuth is removed, even after a kill. */
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
    const comparison = new ComparisonAt(sandbox, directory.path);
    const left: number[] = [];
    try {
      const wholeMs = await comparison.wholeRun();
      say(`a whole run makes and removes things for ${(wholeMs / 1000).toFixed(1)} s`);
      while (left.length < kills) {
        const killedAfterMs = Math.random() * wholeMs;
        const found = await comparison.killed(killedAfterMs);
        await comparison.next();
        left.push(found);
        say(`killed after ${(killedAfterMs / 1000).toFixed(1)} s with ${found} things left: removed`);
      }
      return {
        kills,
        'kills that left something': left.filter((count) => count > 0).length,
        'most things left by a kill': Math.max(...left),
        'left by the next run': 0,
      };
    } finally {
      await sandbox.close();
      await directory.remove();
    }
  },
};

/** Runs the command against a sandbox as if it were the operator's own FusionAuth. */
class ComparisonAt {
  readonly #args: string[];
  readonly #env: Record<string, string | undefined>;

  constructor(
    private readonly sandbox: Sandbox,
    private readonly directory: string,
  ) {
    this.#args = ['--against', sandbox.url, '--out', join(directory, 'out'), ...few];
    this.#env = {
      DATA_DIR: join(directory, 'journal'),
      FUSIONAUTH_BOOTSTRAP_KEY: sandbox.secrets['FUSIONAUTH_BOOTSTRAP_KEY'],
    };
  }

  /** Returns the milliseconds from the first thing that a run makes until its end. */
  async wholeRun(): Promise<number> {
    const child = await this.#atWork();
    const began = performance.now();
    await closed(child);
    if (child.exitCode !== 0) throw new Error(`a run that nobody kills ends with ${child.exitCode}`);
    return performance.now() - began;
  }

  /** Kills a run this long after its first thing. Resolves with the number of things that it leaves. */
  async killed(afterMs: number): Promise<number> {
    const child = await this.#atWork();
    const ended = closed(child);
    await Promise.race([delay(afterMs), ended]);
    child.kill('SIGKILL');
    await ended;
    return this.#things();
  }

  /** Lets the next run finish. Throws where anything is left after it. */
  async next(): Promise<void> {
    const next = await runTypeScript(program, [...this.#args, '--sections', 'blast-radius'], this.#env);
    // The sandbox writes its state shortly after its answer.
    for (let tries = 0; tries < 50 && this.#things() > 0; tries += 1) await delay(100);
    const left = this.#things();
    if (next.exitCode !== 0 || left > 0)
      throw new Error(`${left} things left, exit code ${next.exitCode}: ${next.stderr}`);
  }

  /** Starts a run and waits until it has made its first thing. */
  async #atWork(): Promise<ChildProcess> {
    this.sandbox.requests.clear();
    const child = startTypeScript(program, [...this.#args, ...makers], this.#env);
    child.stdout!.resume();
    child.stderr!.resume();
    while (this.sandbox.requests.count('POST /api/tenant') === 0 && child.exitCode === null) await delay(2);
    return child;
  }

  /**
   * Counts the things with the comparison's name in FusionAuth, and its users. Logs do not count; FusionAuth keeps them
   * too.
   */
  #things(): number {
    const { state } = JSON.parse(readFileSync(join(this.directory, 'sandbox/state.json'), 'utf8')) as Kept;
    const { loginRecords: _logIns, webhookEventLogs: _events, ...objects } = state;
    return JSON.stringify(objects).match(/Gatehouse comparison|person-[\da-f-]{36}@/g)?.length ?? 0;
  }
}

/** The stored state of the sandbox. */
interface Kept {
  readonly state: Readonly<Record<string, unknown>>;
}

const closed = (child: ChildProcess): Promise<unknown> =>
  child.exitCode === null && child.signalCode === null ? once(child, 'close') : Promise.resolve();

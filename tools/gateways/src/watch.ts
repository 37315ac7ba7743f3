import { spawn } from 'node:child_process';
import type { CheckResult, Gateway } from './gateway.js';
import type { Policy } from './policy.js';
import type { PublicKey } from './public-key.js';

export interface WatchParts {
  readonly policy: Policy;
  /** The gateways whose files contain keys. */
  readonly gateways: readonly Gateway[];
  readonly readKeys: (jwksUrl: string) => Promise<readonly PublicKey[]>;
  readonly write: (gateway: Gateway, policy: Policy) => Promise<CheckResult>;
  /** Rejects where the gateway did not accept the new files. */
  readonly reload: () => Promise<void>;
  readonly say: (text: string) => void;
}

/**
 * Returns a function that reads the issuer's key set once, writes the files of each gateway again whose keys have
 * changed, and then reloads. During a rotation both keys are valid while the issuer publishes both. A key missing from
 * one answer stays until the next, because a replica of the issuer may lag. A failure is reported and retried at the
 * next call; a gateway that fails keeps its old files, and does not keep the others from their new ones.
 */
export function keyWatch({ policy, gateways, readKeys, write, reload, say }: WatchParts) {
  const current = new Map(gateways.map((gateway) => [gateway, policy.keys]));
  let published = policy.keys;
  let needsReload = false;
  return async (): Promise<void> => {
    await attempt(async () => {
      const before = published;
      published = await readKeys(policy.jwksUrl);
      const wanted = union(published, before);
      for (const [gateway, keys] of current)
        if (!sameKeys(wanted, keys)) await attempt(() => replaceKeys(gateway, wanted));
    });
    if (needsReload) await attempt(reloadThem);
  };

  async function replaceKeys(gateway: Gateway, keys: readonly PublicKey[]): Promise<void> {
    const { outcome, detail } = await write(gateway, { ...policy, keys });
    if (outcome === 'failed') throw new Error(`${gateway.name}: ${detail}`);
    current.set(gateway, keys);
    needsReload = true;
    say(`Current keys of ${gateway.name}: ${keys.map(({ kid }) => kid).join(', ')}.`);
  }

  async function reloadThem(): Promise<void> {
    await reload();
    needsReload = false;
  }

  async function attempt(step: () => Promise<void>): Promise<void> {
    await step().catch((error: unknown) =>
      say(
        `${(error as Error).message}\nThe gateway continues with its current keys; the next check tries again.`,
      ),
    );
  }
}

const union = (one: readonly PublicKey[], other: readonly PublicKey[]): readonly PublicKey[] =>
  [...one, ...other.filter(({ kid }) => !one.some((key) => key.kid === kid))].toSorted((a, b) =>
    a.kid < b.kid ? -1 : 1,
  );

const sameKeys = (one: readonly PublicKey[], other: readonly PublicKey[]): boolean =>
  one.length === other.length && one.every(({ pem }, index) => pem === other[index]?.pem);

/** Longer than a reload takes: a command that hangs must not stop the watch. */
const reloadTimeoutMs = 60_000;

/** Runs a command with the shell; rejects with its failure unless it exits with 0 in time, after which it is killed. */
export function runReload(reload: string, timeout = reloadTimeoutMs): Promise<void> {
  return new Promise((resolve, reject) => {
    const stdio = ['ignore', 'inherit', 'inherit'] as const;
    const child = spawn(reload, { shell: true, timeout, killSignal: 'SIGKILL', stdio: [...stdio] });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${reload} ended with ${code ?? signal}.`)),
    );
  });
}

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
 * Returns a function that reads the issuer's key set once, writes the files again where it has changed, and reloads the
 * gateway. During a rotation both keys are valid while the issuer publishes both. A key missing from one answer stays
 * until the next, because a replica of the issuer may lag. A failure is reported, keeps the old files, and is retried
 * at the next call.
 */
export function keyWatch({ policy, gateways, readKeys, write, reload, say }: WatchParts) {
  let inForce = policy.keys;
  let published = policy.keys;
  let needsReload = false;
  return async (): Promise<void> => {
    try {
      const before = published;
      published = await readKeys(policy.jwksUrl);
      const wanted = union(published, before);
      if (!sameKeys(wanted, inForce)) {
        for (const gateway of gateways) await writeOrThrow(gateway, wanted);
        inForce = wanted;
        needsReload = true;
        say(`Current keys: ${wanted.map(({ kid }) => kid).join(', ')}.`);
      }
      if (needsReload) await reload();
      needsReload = false;
    } catch (error) {
      say(
        `${(error as Error).message}\nThe gateway continues with its current keys; the next check tries again.`,
      );
    }
  };

  async function writeOrThrow(gateway: Gateway, keys: readonly PublicKey[]): Promise<void> {
    const { outcome, detail } = await write(gateway, { ...policy, keys });
    if (outcome === 'failed') throw new Error(`${gateway.name}: ${detail}`);
  }
}

const union = (one: readonly PublicKey[], other: readonly PublicKey[]): readonly PublicKey[] =>
  [...one, ...other.filter(({ kid }) => !one.some((key) => key.kid === kid))].toSorted((a, b) =>
    a.kid < b.kid ? -1 : 1,
  );

const sameKeys = (one: readonly PublicKey[], other: readonly PublicKey[]): boolean =>
  one.length === other.length && one.every(({ pem }, index) => pem === other[index]?.pem);

/** Runs a command with the shell; rejects with its failure unless it exits with 0. */
export function runReload(reload: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(reload, { shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
    child.on('error', reject);
    child.on('exit', (code, signal) =>
      code === 0 ? resolve() : reject(new Error(`${reload} ended with ${code ?? signal}.`)),
    );
  });
}

import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import { forwardAuthServer } from './forward-auth-server.js';
import { type CheckResult, type Gateway, type GeneratedFile, notChecked } from './gateway.js';
import { keyFolder } from './key-files.js';
import type { Policy } from './policy.js';

/**
 * Writes the files of a gateway to `out`/NAME once its checker has passed them in a temporary folder beside it. Where
 * the checker refuses them, or neither the gateway nor the server that it asks can enforce the policy, the existing
 * files stay. Throws an ExitError 78 where `out` cannot be written.
 */
export async function generate(gateway: Gateway, policy: Policy, out: string): Promise<CheckResult> {
  const asked = gateway.mode === 'forward-auth' ? forwardAuthServer : undefined;
  const refusal = gateway.cannot?.(policy) ?? asked?.cannot?.(policy);
  if (refusal !== undefined) return { outcome: 'failed', detail: refusal };
  const staged = join(out, `.${gateway.name}.${randomUUID()}`);
  try {
    mkdirSync(staged, { recursive: true });
    removeLeftovers(gateway, out);
    const files = gateway.files(policy);
    for (const { path, text } of files) write(join(staged, path), text);
    const checked = (await gateway.check?.(staged)) ?? unchecked(gateway);
    if (checked.outcome !== 'failed') install(files, { from: staged, to: join(out, gateway.name) });
    return checked;
  } catch (error) {
    throw unwritable(out, error);
  } finally {
    rmSync(staged, { recursive: true, force: true });
  }
}

/** Longer than any checker takes: another run may be writing at the same time. */
const abandonedMs = 10 * 60_000;

/** Removes folders left by a run that was killed. */
function removeLeftovers({ name }: Gateway, out: string): void {
  const staged = new RegExp(`^\\.${name}\\.[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}$`);
  for (const entry of readdirSync(out, { withFileTypes: true })) {
    if (!entry.isDirectory() || !staged.test(entry.name)) continue;
    const left = statSync(join(out, entry.name), { throwIfNoEntry: false });
    if (left && Date.now() - left.mtimeMs > abandonedMs)
      rmSync(join(out, entry.name), { recursive: true, force: true });
  }
}

const unchecked = ({ name, checkedBy }: Gateway): CheckResult => ({
  outcome: 'not-installed',
  detail: checkedBy.startsWith(notChecked)
    ? checkedBy.slice(notChecked.length)
    : `the sample deploy/gateways/${name} is, by ${checkedBy}`,
});

/**
 * Replaces each file atomically, new keys before the configuration that names them, and then removes keys that no file
 * names: a gateway that starts in between finds every file that it reads.
 */
function install(files: readonly GeneratedFile[], { from, to }: { from: string; to: string }): void {
  const isKey = ({ path }: GeneratedFile) => path.startsWith(`${keyFolder}/`);
  for (const { path } of files.toSorted((one, other) => Number(isKey(other)) - Number(isKey(one)))) {
    mkdirSync(dirname(join(to, path)), { recursive: true });
    renameSync(join(from, path), join(to, path));
  }
  const named = files.filter(isKey).map(({ path }) => path);
  if (named.length === 0) return;
  for (const name of readdirSync(join(to, keyFolder)))
    if (name.endsWith('.pem') && !named.includes(`${keyFolder}/${name}`)) rmSync(join(to, keyFolder, name));
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { flush: true });
}

/** Turns an error of the file system into a sentence; returns any other unchanged. */
function unwritable(out: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (code === undefined || syscall === undefined) return error;
  return new ExitError(
    `${out} cannot be written (${code}): give --out a folder that can.`,
    exitCodes.badConfiguration,
    { cause: error },
  );
}

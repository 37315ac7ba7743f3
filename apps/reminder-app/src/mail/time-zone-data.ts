import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#gatehouse/platform';

/** Where systems keep their time zone data, and the files that begin with its release. */
const systemData = '/usr/share/zoneinfo';
const releaseFiles = ['tzdata.zi', '+VERSION'];

/** The release of the time zone data in `directory`, 2026f for example; undefined where it does not say. */
export async function systemRelease(directory = systemData): Promise<string | undefined> {
  for (const name of releaseFiles) {
    const text = await readFile(join(directory, name), 'utf8').catch(() => '');
    const release = /^(?:# version )?(\d{4}[a-z]{1,2})\s/.exec(text)?.[1];
    if (release !== undefined) return release;
  }
  return undefined;
}

/**
 * Warns where the system has newer time zone data than Node, which brings its own and writes the times in mails by it.
 * Such a mail may be an hour wrong where a rule has changed since.
 */
export async function warnOfOldTimeZones(
  log: Logger,
  system = systemRelease(),
  node = process.versions['tz'],
): Promise<void> {
  const release = await system;
  // Releases sort by their names: 2026a to 2026z, then 2026za.
  if (release === undefined || node === undefined || release <= node) return;
  log.warn(
    { node, system: release },
    'the time zone data of Node is older than the system’s: times in mails may be an hour wrong where a rule has ' +
      'changed since. Use a newer Node as soon as there is one',
  );
}

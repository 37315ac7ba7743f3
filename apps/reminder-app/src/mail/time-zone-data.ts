import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '#gatehouse/platform';

/** The directory of the system's time zone data, and the files that begin with its release. */
const systemData = '/usr/share/zoneinfo';
const releaseFiles = ['tzdata.zi', '+VERSION'];

/** Returns the release of the time zone data in `directory`, such as 2026f; undefined if it is not stated. */
export async function systemRelease(directory = systemData): Promise<string | undefined> {
  for (const name of releaseFiles) {
    const text = await readFile(join(directory, name), 'utf8').catch(() => '');
    const release = /^(?:# version )?(\d{4}[a-z]{1,2})\s/.exec(text)?.[1];
    if (release !== undefined) return release;
  }
  return undefined;
}

/**
 * Warns if the system has newer time zone data than Node, which has its own and formats the times in mails with it. A
 * mail may be an hour off if a rule has changed since.
 */
export async function warnOfOldTimeZones(
  log: Logger,
  system = systemRelease(),
  node = process.versions['tz'],
): Promise<void> {
  const release = await system;
  // Releases sort by name: 2026a to 2026z, then 2026za.
  if (release === undefined || node === undefined || release <= node) return;
  log.warn(
    { node, system: release },
    'the time zone data of Node is older than the system’s: times in mails may be an hour off where a rule has ' +
      'changed since. Update Node',
  );
}

import { lstatSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { checkWritableDirectory } from '#gatehouse/platform';
import { misused } from '../commands/arguments.js';
import type { CommandIO } from '../commands/command.js';
import { shellLines } from '../issuers/shell-lines.js';

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface SecretOutputOptions {
  readonly out: string | undefined;
  readonly json: boolean;
  readonly screen: Screen;
}

/**
 * Returns the function that writes a secret to its only place: the new file `out`, or the terminal. Throws an
 * ExitError 2 if neither can be used, before anything is created.
 */
export function secretOutput({ out, json, screen }: SecretOutputOptions): CommandIO['deliver'] {
  if (out !== undefined) return toFile(resolve(out), json, screen);
  if (json) throw misused('--json does not show secrets: name a file for the secret with --out FILE.');
  if (!screen.isTTY)
    throw misused('A secret is shown only on a terminal: name a file for it with --out FILE.');
  return ({ settings, secret }) => {
    screen.write(`${shellLines({ ...settings, [secret.name]: secret.value.reveal() })}\n`);
    return Promise.resolve();
  };
}

function toFile(file: string, json: boolean, screen: Screen): CommandIO['deliver'] {
  const cannotBe = (done: string, error: unknown) =>
    misused(
      `${file} cannot be ${done} (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}). Nothing was issued.`,
    );
  try {
    checkWritableDirectory(dirname(file));
  } catch (error) {
    throw cannotBe('created', error);
  }
  // Also true of a link to nothing.
  if (lstatSync(file, { throwIfNoEntry: false }))
    throw misused(`${file} exists and is not overwritten: name another file with --out.`);
  return async ({ settings, secret }) => {
    // `wx` creates a new file and does not follow a link that somebody else put there.
    const opened = await mkdir(dirname(file), { recursive: true, mode: 0o700 })
      .then(() => open(file, 'wx', 0o600))
      .catch((error: unknown) => {
        throw cannotBe('created', error);
      });
    try {
      await opened.writeFile(`${secret.value.reveal()}\n`);
      await opened.sync();
    } catch (error) {
      // Half a secret is useless, and would block the next attempt.
      await rm(file, { force: true });
      throw cannotBe('written', error);
    } finally {
      await opened.close();
    }
    if (!json) screen.write(`${shellLines({ ...settings, [`${secret.name}_FILE`]: file })}\n`);
  };
}

import { existsSync } from 'node:fs';
import { mkdir, open, rm } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { exitCodes, ExitError } from '#gatehouse/platform';
import type { HandOver } from '../issuers/issuer.js';

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Where a secret goes: once, and nowhere else. */
export interface SecretPlace {
  readonly put: (handOver: HandOver) => Promise<void>;
}

export interface PlaceOptions {
  readonly out: string | undefined;
  readonly json: boolean;
  readonly screen: Screen;
}

/** A named file that does not exist yet, else the terminal. Throws an ExitError 2 where neither will do, before anything is made. */
export function secretPlace({ out, json, screen }: PlaceOptions): SecretPlace {
  if (out !== undefined) return fileAt(resolve(out), json, screen);
  if (json) throw misused('--json shows no secret: name a file for it with --out FILE.');
  if (!screen.isTTY)
    throw misused('A secret is shown on a terminal only: name a file for it with --out FILE.');
  return {
    put({ settings, secret }) {
      screen.write(`${lines({ ...settings, [secret.name]: secret.value.reveal() })}\n`);
      return Promise.resolve();
    },
  };
}

function fileAt(file: string, json: boolean, screen: Screen): SecretPlace {
  if (existsSync(file))
    throw misused(`${file} exists, and is not overwritten: name another file with --out.`);
  return {
    async put({ settings, secret }) {
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      // Made by us or not at all: no link of somebody else's is followed.
      const made = await open(file, 'wx', 0o600).catch((error: unknown) => {
        const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
        throw new ExitError(`${file} cannot be made (${code}). Nothing was issued.`, exitCodes.usage);
      });
      try {
        await made.writeFile(`${secret.value.reveal()}\n`);
        await made.sync();
      } catch (error) {
        // Half a secret helps nobody, and would be in the way of the next attempt.
        await rm(file, { force: true });
        const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
        throw new ExitError(`${file} cannot be written (${code}). Nothing was issued.`, exitCodes.usage);
      } finally {
        await made.close();
      }
      if (!json) screen.write(`${lines({ ...settings, [`${secret.name}_FILE`]: file })}\n`);
    },
  };
}

const lines = (variables: Readonly<Record<string, string>>): string =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${quoted(value)}`)
    .join('\n');

/** As a POSIX shell reads it back, whatever is in it. */
const quoted = (value: string): string =>
  /^[\w@%+:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;

const misused = (what: string): ExitError => new ExitError(what, exitCodes.usage);

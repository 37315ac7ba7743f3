import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseEnv } from 'node:util';

export interface EnvFile {
  readonly values: Readonly<Record<string, string>>;
  /** Says why the file cannot be used, with its name and line, never with a value. */
  readonly problem?: string;
}

// Matches a setting with its value, in quotes (possibly over several lines) or without, a comment, or an empty line.
// In an unquoted value "#" begins a comment only after white space; Node's parser would cut the value at any "#".
const name = /(?:export[ \t]+)?[A-Za-z_][\w.-]*/.source;
const comment = /(?:#[^\r\n]*)?/.source;
const quoted = /(?:"[^"]*"|'[^']*'|`[^`]*`)[ \t]*/.source + comment;
const plain = /[^\s"'`#][^\r\n#]*(?:(?<=[ \t])#[^\r\n]*)?/.source;
const entry = new RegExp(
  `[ \\t]*(?:${name}[ \\t]*=[ \\t]*(?:${quoted}|${plain}|${comment})|${comment})(?:\\n|$)`,
  'y',
);

/**
 * Reads the settings in a file of lines `NAME=value` like Node's `util.parseEnv`; undefined if there is no such file.
 * Node silently skips what it cannot parse, so each entry is checked first and then parsed alone.
 */
export function readEnvFile(path: string): EnvFile | undefined {
  let text: string;
  try {
    // Strips a byte order mark; throws a TypeError for UTF-16, which PowerShell writes, and for other encodings.
    text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    const why =
      code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'is not UTF-8 text' : `cannot be read (${code})`;
    return { values: {}, problem: `${basename(path)}: ${why}` };
  }
  return parseEntries(text.replaceAll('\r\n', '\n'), basename(path));
}

function parseEntries(text: string, file: string): EnvFile {
  const values: Record<string, string> = {};
  for (let at = 0; at < text.length; at = entry.lastIndex) {
    entry.lastIndex = at;
    const [found] = entry.exec(text) ?? [];
    if (found === undefined) {
      const line = text.slice(0, at).split('\n').length;
      const rule = 'must be NAME=value; a value with #, quotes or line breaks must be in quotes';
      return { values: {}, problem: `${file}, line ${line}: ${rule}` };
    }
    Object.assign(values, parseEnv(found));
  }
  return { values };
}

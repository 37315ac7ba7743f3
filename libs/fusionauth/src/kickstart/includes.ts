import { readFile, realpath } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { includeIn } from './substitute.js';

/** Reads the files that a kickstart file includes; their names are always relative to the kickstart file. */
export class Includes {
  /** The contents read, by the name of the include. */
  readonly contents = new Map<string, string>();

  constructor(private readonly kickstartFile: string) {}

  /** Returns `value` with every `&{name}` replaced by the JSON of that file, and reads the texts of its `@{name}`. */
  async expand(value: unknown, within: readonly string[] = []): Promise<unknown> {
    if (typeof value === 'string') return this.#include(value, within);
    if (Array.isArray(value)) return Promise.all(value.map((item) => this.expand(item, within)));
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value).map(async ([name, field]) => [
      name,
      await this.expand(field, within),
    ]);
    return Object.fromEntries((await Promise.all(entries)) as [string, unknown][]);
  }

  async #include(text: string, within: readonly string[]): Promise<unknown> {
    const include = includeIn(text);
    if (!include) return text;
    const { kind, name } = include;
    const content = await this.#read(text, name);
    this.contents.set(name, content);
    if (kind === 'text') return text;
    if (within.includes(name)) throw new Error(`${text} includes itself`);
    return this.expand(parseJson(content, name), [...within, name]);
  }

  async #read(include: string, name: string): Promise<string> {
    const folder = await realpath(dirname(this.kickstartFile));
    const file = await realpath(resolve(folder, name)).catch(() => undefined);
    const path = relative(folder, file ?? resolve(folder, name));
    if (path === '..' || path.startsWith(`..${sep}`))
      throw new Error(`${include} leaves the folder of the kickstart file`);
    const text = file === undefined ? undefined : await readFile(file, 'utf8').catch(() => undefined);
    if (text === undefined) throw new Error(`${include} cannot be read`);
    return text;
  }
}

/** Parses JSON as FusionAuth does, with an optional byte order mark. Throws an error that names the file. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${name} is not JSON: ${(error as Error).message}`, { cause: error });
  }
}

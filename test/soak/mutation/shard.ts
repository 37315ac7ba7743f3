import { globSync, readFileSync } from 'node:fs';
import type { Room } from './rooms.js';

/** The sources of a room in one part of a run. */
export interface Part {
  readonly room: Room;
  readonly files: readonly string[];
}

const isSource = (file: string) => !file.endsWith('.spec.ts') && !file.endsWith('/index.ts');
const sourcesOf = ({ sources }: Room) => filesOf(sources).filter(isSource);

/** Returns the files that match. Throws if a glob matches none, because a renamed file would not be measured. */
export function filesOf(globs: readonly string[]): string[] {
  const unmatched = globs.find((glob) => globSync(glob).length === 0);
  if (unmatched !== undefined) throw new Error(`no file matches ${unmatched}`);
  return globSync([...globs]).toSorted();
}

/** Returns the rooms with all of their sources. */
export const wholeOf = (rooms: readonly Room[]): Part[] =>
  rooms.map((room) => ({ room, files: sourcesOf(room) }));

/**
 * Divides the sources of all rooms into `count` parts of about equal size in characters, with few rooms per part, and
 * returns part `number`, counted from 1.
 */
export function shardOf(rooms: readonly Room[], number: number, count: number): Part[] {
  const parts = wholeOf(rooms);
  const sizes = new Map(parts.flatMap(({ files }) => files).map((file) => [file, readFileSync(file).length]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  let before = 0;
  const isIn = (file: string) => {
    const middle = before + sizes.get(file)! / 2;
    before += sizes.get(file)!;
    return Math.min(Math.floor((middle * count) / total), count - 1) === number - 1;
  };
  return parts
    .map(({ room, files }) => ({ room, files: files.filter(isIn) }))
    .filter(({ files }) => files.length > 0);
}

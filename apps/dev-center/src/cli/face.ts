import type { Command } from '../commands/command.js';

/** How a terminal shows a command: the command line, the result for people, the exit code. */
export interface Face<R extends object = object> {
  readonly command: Command<R>;
  /** The command line after `npm run PROGRAM --`, for `--help`. */
  readonly usage: string;
  readonly about: string;
  /** The argument that is given without `--name`. */
  readonly positional?: string;
  /** The argument that names a file whose content the command gets, `-` being standard input. */
  readonly reads?: string;
  /** The command hands out a secret. */
  readonly issues?: true;
  /** For people; JSON is the result itself. */
  show(this: void, result: R): string;
  /** 0 where a face has none. */
  exitCode?(this: void, result: R): number;
}

export type Faces = Readonly<Record<string, Face>>;

/** Forgets the type of the result, which only the face's own methods need. */
export const face = <R extends object>(of: Face<R>): Face => of;

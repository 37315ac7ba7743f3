import type { z } from 'zod';
import type { Center } from '../center.js';
import type { Talk } from '../talk.js';

/** What a command needs of the command line. */
interface Option {
  readonly type: 'string' | 'boolean';
  /** For `--help`. */
  readonly about: string;
}

/**
 * One command. `run` happens where the database is, which may be another process; reading the command line and showing
 * the result happens at whoever typed it.
 */
export interface Command<S extends z.ZodType = z.ZodType, R extends object = object> {
  /** `NAME` and what follows it, for `--help`. */
  readonly usage: string;
  readonly about: string;
  readonly options: Readonly<Record<string, Option>>;
  /** What stands on the command line without an option goes here. */
  readonly positional?: string;
  /** Reads a file into the named argument, `-` being standard input. */
  readonly reads?: string;
  /** Of texts, by option. */
  readonly schema: S;
  /** It works on FusionAuth alone, and so wherever nobody has the database. */
  readonly withoutDatabase?: true;
  /** It hands out a secret. */
  readonly issues?: true;
  readonly run: (args: z.output<S>, center: Center, talk: Talk) => Promise<R>;
  /** For people; JSON is the result itself. */
  readonly show: (result: R) => string;
  /** 0 unless the result says otherwise. */
  readonly exitCode?: (result: R) => number;
}

export const command = <S extends z.ZodType, R extends object>(of: Command<S, R>): Command<S, R> => of;

import * as mini from 'zod/mini';
import { util } from 'zod/v4/core';
import en from 'zod/v4/locales/en.js';

// Compiling a check of an object takes longer than the few checks of a cold start.
mini.config({ ...en(), jitless: true });

type Schema = mini.ZodMiniType;
type Chained = Schema & typeof methods;
interface Context {
  addIssue(issue: string | { readonly message: string }): void;
}
type Message = string | { readonly error: string };

/** The methods of zod's schemas that our settings and FusionAuth's answers use, by the functions of zod/mini. */
const methods = {
  regex(this: Schema, pattern: RegExp, message?: Message) {
    return chained(this.check(mini.regex(pattern, message)));
  },
  toLowerCase(this: Schema) {
    return chained(this.check(mini.toLowerCase()));
  },
  refine(this: Schema, holds: (value: never) => unknown, message?: Message) {
    return chained(this.check(mini.refine(holds as never, message)));
  },
  min(this: Schema, least: number, message?: Message) {
    const check =
      this._zod.def.type === 'number' ? mini.minimum(least, message) : mini.minLength(least, message);
    return chained(this.check(check));
  },
  max(this: Schema, most: number, message?: Message) {
    const check =
      this._zod.def.type === 'number' ? mini.maximum(most, message) : mini.maxLength(most, message);
    return chained(this.check(check));
  },
  nonnegative(this: Schema) {
    return chained(this.check(mini.nonnegative()));
  },
  optional(this: Schema) {
    return chained(mini.optional(this));
  },
  nullish(this: Schema) {
    return chained(mini.nullish(this));
  },
  default(this: Schema, value: unknown) {
    return chained(mini._default(this, value));
  },
  catchall(this: Schema, others: Schema) {
    return chained(mini.catchall(this as never, others as never));
  },
  pipe(this: Schema, next: Schema) {
    return chained(mini.pipe(this, next));
  },
  transform(this: Schema, change: (value: never, context: Context) => unknown) {
    return chained(mini.pipe(this, transformation(change)));
  },
  meta(this: Schema, about?: Record<string, unknown>) {
    if (!about) return mini.globalRegistry.get(this);
    const described = chained(this.clone());
    mini.globalRegistry.add(described, about);
    return described;
  },
};

const chained = (schema: unknown): Chained => Object.assign(schema as Schema, methods);

/** The functions of zod/mini leave it to the caller to name the issues. */
function transformation(change: (value: never, context: Context) => unknown): Schema {
  const schema: Schema = mini.transform((input, payload) =>
    change(input as never, {
      addIssue: (issue) =>
        void payload.issues.push(
          util.issue({
            code: 'custom',
            input,
            inst: schema,
            ...(typeof issue === 'string' ? { message: issue } : issue),
          } as never),
        ),
    }),
  );
  return schema;
}

const making =
  <A extends never[]>(make: (...given: A) => unknown) =>
  (...given: A): Chained =>
    chained(make(...given));

export const z = {
  NEVER: mini.NEVER,
  array: making(mini.array as never),
  boolean: making(mini.boolean as never),
  discriminatedUnion: making(mini.discriminatedUnion as never),
  enum: making(mini.enum as never),
  guid: making(mini.guid as never),
  int: making(mini.int as never),
  json: making(mini.json as never),
  literal: making(mini.literal as never),
  looseObject: making(mini.looseObject as never),
  number: making(mini.number as never),
  object: making(mini.object as never),
  record: making(mini.record as never),
  string: making(mini.string as never),
  undefined: making(mini.undefined as never),
  unknown: making(mini.unknown as never),
  url: making(mini.url as never),
};

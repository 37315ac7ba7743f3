interface Issue {
  readonly code: 'invalid_value' | 'custom';
  readonly message: string;
  readonly path: PropertyKey[];
  /** False where later checks of the same value still run. */
  readonly isFinal: boolean;
}

/** Parses a value and adds its problems to `issues`. If it adds any, the result is not used. */
type Read = (value: unknown, issues: Issue[]) => unknown;
type Message = string | { readonly error: string };
type Shape = Readonly<Record<string, Schema>>;
interface Context {
  addIssue(issue: string | { readonly message: string }): void;
}
type Result =
  | { readonly success: true; readonly data: unknown; readonly error?: undefined }
  | { readonly success: false; readonly data?: undefined; readonly error: { readonly issues: Issue[] } };

const issueOf = (message: string, more: Partial<Issue> = {}): Issue => ({
  ...{ code: 'invalid_value', isFinal: true, message, path: [] },
  ...more,
});
const textOf = (message: Message): string => (typeof message === 'string' ? message : message.error);

/** The part of a zod schema that our schemas use, with the same verdicts and messages. */
class Schema {
  #about: object | undefined;

  constructor(
    readonly read: Read,
    readonly shape: Shape = {},
  ) {}

  safeParse(value: unknown): Result {
    const issues: Issue[] = [];
    const data = this.read(value, issues);
    return issues.length === 0 ? { success: true, data } : { success: false, error: { issues } };
  }

  regex(pattern: RegExp, message: Message): Schema {
    return this.refine((text) => pattern.test(text), message, 'invalid_value');
  }

  min(least: number): Schema {
    return this.#bounded((size) => size >= least, `Too small: expected number to be >=${least}`);
  }

  max(most: number): Schema {
    return this.#bounded((size) => size <= most, `Too big: expected number to be <=${most}`);
  }

  #bounded(holds: (size: number) => boolean, message: string): Schema {
    const sizeOf = (value: unknown) => (typeof value === 'number' ? value : (value as string).length);
    return this.refine((value) => holds(sizeOf(value)), message, 'invalid_value');
  }

  refine(holds: (value: never) => unknown, message: Message, code: Issue['code'] = 'custom'): Schema {
    return this.#then((value, issues) => {
      if (!holds(value as never)) issues.push(issueOf(textOf(message), { code, isFinal: false }));
      return value;
    });
  }

  toLowerCase(): Schema {
    return this.#then((value) => (value as string).toLowerCase());
  }

  /** Adds a step that also runs after a failed check, but not after a value of the wrong type. */
  #then(next: Read): Schema {
    return new Schema((value, issues) => {
      const before = issues.length;
      const read = this.read(value, issues);
      return issues.slice(before).some(({ isFinal }) => isFinal) ? read : next(read, issues);
    });
  }

  transform(change: (value: never, context: Context) => unknown): Schema {
    return this.pipe(
      new Schema((value, issues) =>
        change(value as never, {
          addIssue: (issue) =>
            issues.push(issueOf(typeof issue === 'string' ? issue : issue.message, { code: 'custom' })),
        }),
      ),
    );
  }

  pipe(next: Schema): Schema {
    return new Schema((value, issues) => {
      const before = issues.length;
      const read = this.read(value, issues);
      return issues.length > before ? read : next.read(read, issues);
    });
  }

  optional(): Schema {
    return new Schema((value, issues) => (value === undefined ? undefined : this.read(value, issues)));
  }

  default(value: unknown): Schema {
    const copied = () => (Array.isArray(value) ? [...(value as unknown[])] : value);
    return new Schema((given, issues) => (given === undefined ? copied() : this.read(given, issues)));
  }

  /** Keeps the members that the shape does not name. Those of JSON need no schema. */
  catchall(): Schema {
    return z.looseObject(this.shape);
  }

  meta(): object | undefined;
  meta(about: object): Schema;
  meta(about?: object): object | undefined {
    if (!about) return this.#about;
    const described = new Schema(this.read, this.shape);
    described.#about = about;
    return described;
  }
}

const ofKind = (kind: string, isOfKind: (value: unknown) => boolean, message?: Message) =>
  new Schema((value, issues) => {
    const received = typeof value === 'number' ? String(value) : typeof value;
    const text = message ? textOf(message) : `Invalid input: expected ${kind}, received ${received}`;
    if (!isOfKind(value)) issues.push(issueOf(text));
    return value;
  });

const oneOf = (values: readonly unknown[], message: Message) =>
  new Schema((value, issues) => {
    if (!values.includes(value)) issues.push(issueOf(textOf(message)));
    return value;
  });

function readMember(schema: Schema, value: unknown, key: PropertyKey, issues: Issue[]): unknown {
  const before = issues.length;
  const read = schema.read(value, issues);
  for (const { path } of issues.slice(before)) path.unshift(key);
  return read;
}

function readObject(shape: Shape, value: unknown, issues: Issue[], others: object): object {
  const read: Record<string, unknown> = { ...others };
  for (const key in shape) {
    const member = readMember(shape[key] as Schema, (value as typeof read)[key], key, issues);
    if (member !== undefined) read[key] = member;
  }
  return read;
}

/** Leaves out `__proto__`, which would change the prototype of the result. */
const othersIn = (value: object) =>
  Object.fromEntries(Object.entries(value).filter(([name]) => name !== '__proto__'));

const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const objectOf = (shape: Shape, keepsOthers: boolean) =>
  new Schema((value, issues) => {
    if (isObject(value)) return readObject(shape, value, issues, keepsOthers ? othersIn(value) : {});
    issues.push(issueOf('Invalid input: expected object'));
    return value;
  }, shape);

const string = () => ofKind('string', (value) => typeof value === 'string');
const guid = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i;

export const z = {
  NEVER: undefined,
  array: (item: Schema) =>
    new Schema((value, issues) => {
      if (Array.isArray(value)) return value.map((one, index) => readMember(item, one, index, issues));
      issues.push(issueOf('Invalid input: expected array'));
      return value;
    }),
  boolean: () => ofKind('boolean', (value) => typeof value === 'boolean'),
  enum: (values: readonly string[], message: Message = `must be one of ${values.join(', ')}`) =>
    oneOf(values, message),
  guid: (message: Message = 'Invalid GUID') => string().regex(guid, message),
  json: () => new Schema((value) => value),
  literal: (value: unknown) => oneOf([value], `Invalid input: expected ${JSON.stringify(value)}`),
  looseObject: (shape: Shape) => objectOf(shape, true),
  number: () => ofKind('number', Number.isFinite),
  object: (shape: Shape) => objectOf(shape, false),
  string,
  undefined: (message: Message) => ofKind('undefined', (value) => value === undefined, message),
  url: () => string().refine((text) => URL.canParse(text), 'Invalid URL'),
};

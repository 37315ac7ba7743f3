import { z } from 'zod';

export const maxPage = 1_000;
export const defaultPage = 50;
/** The number that fits into a URL together with the headers that a server accepts (16 KB in Node). */
export const maxIds = 200;

// C0, DEL, C1 and the two Unicode line separators: in a title they could forge log lines and mail headers.
// eslint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// A note may contain tabs and line breaks; PostgreSQL cannot store NUL in text.
// eslint-disable-next-line no-control-regex
const controlCharactersOfText = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** An instant with its zone, ISO 8601; converted to UTC with milliseconds. */
export const instant = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO 8601 instant with a zone, such as 2026-11-22T18:00:00Z',
    abort: true,
  })
  .refine((value) => !Number.isNaN(Date.parse(value)), 'must be an instant that exists')
  .transform((value) => new Date(value).toISOString())
  .refine((value) => value.length === 24 && value >= '0001', 'must be between the years 0001 and 9999');

const title = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(200, 'must be at most 200 characters')
  .refine((value) => !controlCharacters.test(value), 'must not contain control characters or line breaks')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

const notes = z
  .string()
  .max(4_000, 'must be at most 4,000 characters')
  .refine((value) => !controlCharactersOfText.test(value), 'must not contain control characters')
  .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

export const statusSchema = z.enum(['open', 'done']);

/** The fields that a caller may write. CONTRIBUTING.md says what a new field requires. */
const writtenSchema = z.strictObject({
  title,
  notes: notes.nullable(),
  dueAt: instant.nullable(),
  status: statusSchema,
});

/** A missing field gets the default of its column. */
export const newTodoSchema = writtenSchema.omit({ status: true }).partial({ notes: true, dueAt: true });
export type NewTodo = Exact<z.output<typeof newTodoSchema>>;

export const todoPatchSchema = writtenSchema
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'must change at least one field');
export type TodoPatch = Exact<z.output<typeof todoPatchSchema>>;

/** Excludes undefined: a field that JSON omits is absent. */
type Exact<T> = { [K in keyof T]: Exclude<T[K], undefined> };

export const ownerSchema = z.object({
  id: z.uuid(),
  /** Null unless FusionAuth says that the address is verified. */
  email: z.string().nullable(),
  /** IANA name, such as Europe/London, or an offset from UTC. */
  timeZone: z.string().nullable(),
});

/** The written fields as responses contain them. */
const answered = {
  title: z.string(),
  notes: z.string().nullable(),
  dueAt: z.string().nullable(),
  status: statusSchema,
} satisfies Record<keyof typeof writtenSchema.shape, z.ZodType>;

export const todoSchema = z.object({
  id: z.uuid(),
  ...answered,
  owner: ownerSchema,
  version: z.int(),
  createdAt: z.string(),
  updatedAt: z.string(),
});
export type Todo = z.output<typeof todoSchema>;

export const todoPageSchema = z.object({
  items: z.array(todoSchema),
  /** Opaque; pass it back as `cursor` with the same filter. Null on the last page. */
  nextCursor: z.string().nullable(),
});
export type TodoPage = z.output<typeof todoPageSchema>;

const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const idList = new RegExp(`^${uuid}(,${uuid}){0,${maxIds - 1}}$`, 'i');

export const todoQuerySchema = z.strictObject({
  /** Inclusive. */
  dueAfter: instant.optional(),
  /** Exclusive. */
  dueBefore: instant.optional(),
  status: statusSchema.optional(),
  /**
   * `everyone` selects everything that the role todo-auditor can see, and is refused without that role; by default:
   * what the caller can see.
   */
  owner: z.enum(['me', 'everyone']).optional(),
  /** Only these todos, comma-separated. */
  ids: z
    .string()
    .regex(idList, `must be 1 to ${maxIds} ids, separated by commas`)
    .transform((text) => text.split(','))
    .optional(),
  limit: z
    .string()
    .regex(/^\d{1,4}$/, `must be a whole number from 1 to ${maxPage}`)
    .transform(Number)
    .pipe(z.number().min(1).max(maxPage))
    .default(defaultPage),
  cursor: z.string().min(1).max(500).optional(),
});
export type TodoQuery = z.output<typeof todoQuerySchema>;

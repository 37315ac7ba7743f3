import { z } from 'zod';

export const maxPage = 1_000;
export const defaultPage = 50;
/** As many as fit into a URL together with the headers that a server takes (16 KB in Node). */
export const maxIds = 200;

// C0, DEL, C1 and the two Unicode line separators: in a title they would forge log lines and mail headers.
// eslint-disable-next-line no-control-regex
const controlCharacters = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// A note may hold tabs and line breaks; NUL cannot be stored in PostgreSQL text at all.
// eslint-disable-next-line no-control-regex
const controlCharactersOfText = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** An instant with its zone, ISO 8601; becomes UTC with milliseconds. */
export const instant = z.iso
  .datetime({
    offset: true,
    error: 'must be an ISO 8601 instant with a zone, 2026-11-22T18:00:00Z for example',
  })
  .refine((value) => !Number.isNaN(Date.parse(value)), 'must be an instant that exists')
  .transform((value) => new Date(value).toISOString())
  .refine((value) => value.length === 24 && value >= '0001', 'must lie between the years 0001 and 9999');

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

/** What a caller may write. CONTRIBUTING.md says what a new field takes. */
const writtenSchema = z.strictObject({
  title,
  notes: notes.nullable(),
  dueAt: instant.nullable(),
  status: statusSchema,
});

/** What is left out gets the default of its column. */
export const newTodoSchema = writtenSchema.omit({ status: true }).partial({ notes: true, dueAt: true });
export type NewTodo = Exact<z.output<typeof newTodoSchema>>;

export const todoPatchSchema = writtenSchema
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'must change at least one field');
export type TodoPatch = Exact<z.output<typeof todoPatchSchema>>;

/** A field that JSON leaves out is absent, never undefined. */
type Exact<T> = { [K in keyof T]: Exclude<T[K], undefined> };

export const ownerSchema = z.object({
  id: z.uuid(),
  /** Null unless FusionAuth vouches that the address was verified. */
  email: z.string().nullable(),
  /** IANA name, Europe/London for example, or an offset from UTC. */
  timeZone: z.string().nullable(),
});

/** The written fields as they are answered. */
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
  /** `everyone` asks for all that the role todo-auditor sees, and is refused without it; left out: what the caller may see. */
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

import fc from 'fast-check';
import { z } from 'zod';
import { parseConfig } from '#gatehouse/platform';
import { z as lean } from './zod.js';

type Z = typeof z;
interface Read {
  safeParse(value: unknown): {
    readonly success: boolean;
    readonly data?: unknown;
    readonly error?: { readonly issues: readonly { path: readonly PropertyKey[]; message: string }[] };
  };
}

const list = (zod: Z) =>
  zod
    .string()
    .transform((text) => text.split(','))
    .pipe(zod.array(zod.string().regex(/^[a-c]*$/, 'must be of a, b and c')))
    .refine((parts) => parts.length < 3, 'must be at most two')
    .default(['a']);

/** Schemas as settings have them: texts are read, and an operator sees the messages. */
const settings: Readonly<Record<string, (zod: Z) => Read>> = {
  'an enumeration with a default': (zod) => zod.enum(['a', 'b,c'], 'must be a or b,c').default('a'),
  'an enumeration with a message': (zod) => zod.enum(['a', '1'], 'must be a or 1').optional(),
  'a UUID': (zod) => zod.guid('must be a UUID').toLowerCase(),
  'text by two rules': (zod) =>
    zod
      .string()
      .regex(/^\w+$/, { error: 'must be a word' })
      .refine((text) => text.length > 1, 'must be longer'),
  'a whole number in a range': (zod) =>
    zod
      .string()
      .regex(/^-?\d+$/, 'must be a whole number')
      .transform(Number)
      .pipe(zod.number().min(-5).max(50)),
  'a list': list,
  'text that is changed, or complained about': (zod) =>
    zod.string().transform((text, context) => {
      if (text.startsWith('a')) return text.length;
      context.addIssue(text === '' ? 'must not be empty' : { code: 'custom', message: 'must begin with a' });
      return zod.NEVER;
    }),
  'what must not be set': (zod) => zod.undefined({ error: 'unset it' }).optional(),
  'several settings': (zod) =>
    zod.object({
      a: zod.enum(['x', 'y'], 'must be x or y').default('x'),
      b: list(zod),
      c: zod.string().optional(),
    }),
};

/** Schemas as answers of FusionAuth have them: any JSON is read, and only whether it fits is looked at. */
const answers: Readonly<Record<string, (zod: Z) => Read>> = {
  'records within records': (zod) =>
    zod.object({
      a: zod.object({ b: zod.boolean(), c: zod.number().optional() }),
      d: zod.array(zod.object({ e: zod.string(), f: zod.array(zod.string()).default([]) })).default([]),
    }),
  'a literal, and more': (zod) => zod.looseObject({ a: zod.literal(true) }),
  'text of a least length': (zod) => zod.object({ a: zod.string().min(1) }),
  'URLs, and more': (zod) => zod.object({ a: zod.url() }).catchall(zod.json()),
};

const texts = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    'a,b',
    'a,b,c',
    'd',
    'A1F4B2C8-3d5e-4f6a-8b7c-9d0e1f2a3b4c',
    '7',
    '51',
    '-6',
    'a b',
  ),
  fc.string({ unit: fc.constantFrom('a', 'b', ',', '1', ' ', '9') }),
  fc.integer().map(String),
  fc.constant('9'.repeat(400)),
);
const names = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
const leaves = fc.constantFrom(null, true, false, 0, 7.5, '', 'x', 'https://a.example', 'nowhere');
const around = (inner: fc.Arbitrary<unknown>) =>
  fc.oneof(
    leaves,
    fc.array(inner, { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...names), inner, { maxKeys: 4 }),
  );
const json = around(around(around(around(leaves))));
const answer = fc.oneof(json, fc.dictionary(fc.constantFrom(...names, '__proto__'), json, { maxKeys: 5 }));

const both = (make: (zod: Z) => Read, value: unknown) =>
  [z, lean as unknown as Z].map((zod) => make(zod).safeParse(value));

describe('the reader in the place of zod', () => {
  it.each(Object.entries(settings))('says of a setting what zod says: %s', (name, make) => {
    const found = ({ success, data, error }: ReturnType<Read['safeParse']>) => ({
      ...{ success, data },
      issues: error?.issues.map(({ path, message }) => ({ path, message })),
    });
    const given = fc.oneof(texts, fc.dictionary(fc.constantFrom(...names), texts), fc.constant(undefined));
    fc.assert(
      fc.property(given, (value) => {
        // Settings are read from an object of texts; an absent one needs no words beyond "is required".
        const isAbsent = value === undefined || (typeof value === 'object') !== (name === 'several settings');
        const [theirs, ours] = both(make, value).map((read) => (isAbsent ? read.success : found(read)));
        expect(ours).toEqual(theirs);
      }),
      { numRuns: 300 },
    );
  });

  it.each(Object.entries(answers))(
    'accepts the same answers, and reads the same of them: %s',
    (_name, make) => {
      fc.assert(
        fc.property(answer, (value) => {
          const [theirs, ours] = both(make, value).map(({ success, data }) => ({ success, data }));
          expect(ours).toEqual(theirs);
        }),
        { numRuns: 1_000 },
      );
    },
  );

  it('says of an enumeration without a message what our configuration says', () => {
    const schema = z.object({ A: z.enum(['a', 'b']) });
    expect(() => parseConfig(schema, { A: 'c' })).toThrow('must be one of a, b');
    expect(lean.enum(['a', 'b']).safeParse('c').error?.issues[0]?.message).toBe('must be one of a, b');
  });

  it('keeps the description of a schema, and the names of a record', () => {
    const described = lean.string().meta({ about: 'x' });
    expect([described.meta(), described.optional().meta()]).toEqual([{ about: 'x' }, undefined]);
    expect(Object.keys(lean.object({ a: described }).shape)).toEqual(['a']);
  });
});

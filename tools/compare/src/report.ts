import { z } from 'zod';

/** The version of the data model; a report of another one cannot be compared with this one's. */
export const reportFormat = 'gatehouse-comparison/1';

export const sectionIds = [
  'cost',
  'calls',
  'lag',
  'outage',
  'set-up',
  'blast-radius',
  'migration',
  'tenants',
  'clients',
] as const;

export type SectionId = (typeof sectionIds)[number];

/**
 * What a cell rests on. A claim about FusionAuth's own behaviour is `as-documented` where the sandbox answered, since the
 * sandbox does what the documents say, and `measured-on` only where a FusionAuth answered.
 */
const evidence = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('measured') }),
  z.strictObject({
    kind: z.literal('as-documented'),
    /** Section of the facts about FusionAuth's wire. */
    section: z.string(),
    /** The kind of source: D official documentation, O OpenAPI, C official client, #n thread, U unconfirmed, … */
    tag: z.string(),
  }),
  z.strictObject({ kind: z.literal('measured-on'), version: z.string() }),
]);

const cell = z.strictObject({
  /** Ids of the mode and of the row. */
  mode: z.string(),
  row: z.string(),
  /** Absent where `why` says why. */
  value: z.union([z.number(), z.boolean(), z.string()]).optional(),
  /** 95 %, of measured numbers. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  samples: z.int().min(0).optional(),
  /** Too few for the figure to be relied on. */
  tooFewSamples: z.boolean().optional(),
  /** What a reader sees, unit included. */
  text: z.string(),
  /** Not applicable because …, or not before it expires. */
  why: z.string().optional(),
  rating: z.enum(['good', 'fair', 'poor']).optional(),
  evidence,
  /** How it was measured, in one or two sentences. */
  how: z.string(),
  /** A time line or a curve: x, y. */
  points: z.array(z.tuple([z.number(), z.number()])).optional(),
});

const row = z.strictObject({
  id: z.string(),
  title: z.string(),
  unit: z.string().optional(),
  better: z.enum(['lower', 'higher']).optional(),
});

const section = z.strictObject({
  id: z.enum(sectionIds),
  title: z.string(),
  question: z.string(),
  rows: z.array(row),
  cells: z.array(cell),
});

const mode = z.strictObject({
  id: z.string(),
  title: z.string(),
  about: z.string(),
  /** What makes the Todo API guard itself in this way. */
  environment: z.record(z.string(), z.string()),
});

/** Everything that a run found out: the one thing that the report's pages, the claims and the decision helper read. */
export const reportSchema = z.strictObject({
  format: z.literal(reportFormat),
  made: z.strictObject({
    /** When the run began, ISO 8601. */
    at: z.string(),
    command: z.string(),
    seconds: z.number(),
    /** False for a run that was interrupted, or in which something failed; `missing` says what. */
    complete: z.boolean(),
    missing: z.array(z.string()),
    machine: z.strictObject({
      cpu: z.string(),
      cores: z.int(),
      memoryGb: z.number(),
      system: z.string(),
    }),
    versions: z.strictObject({
      gatehouse: z.string(),
      node: z.string(),
      /** `sandbox`, or the version of the FusionAuth that was asked. */
      fusionauth: z.string(),
      database: z.string(),
    }),
  }),
  modes: z.array(mode),
  sections: z.array(section),
});

export type Report = z.output<typeof reportSchema>;
export type Section = z.output<typeof section>;
export type Row = z.output<typeof row>;
export type Cell = z.output<typeof cell>;
export type Evidence = z.output<typeof evidence>;
export type ReportMode = z.output<typeof mode>;

/** The JSON schema (draft 2020-12) of a report, as docs/comparison.schema.json publishes it. */
export const reportJsonSchema = (): object => ({
  ...z.toJSONSchema(reportSchema),
  title: 'Gatehouse comparison',
  description: 'Every strategy and mode side by side, as `npm run compare` measures them.',
});

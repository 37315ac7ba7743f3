import { z } from 'zod';

/** The version of the data model; reports of different versions cannot be compared. */
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
 * The basis of a cell. A claim about FusionAuth's own behaviour is `as-documented` where the sandbox answered, since
 * the sandbox follows the documents, and `measured-on` only where a FusionAuth answered.
 */
const evidence = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('measured') }),
  z.strictObject({
    kind: z.literal('as-documented'),
    /** The key of the public pages in fusionauth-documents.ts. */
    section: z.string(),
    /** D: FusionAuth documents it. #n: a thread of its public issues. U, I: assumed, because neither says it. */
    tag: z.string(),
  }),
  z.strictObject({ kind: z.literal('measured-on'), version: z.string() }),
]);

const cell = z.strictObject({
  /** Ids of the mode and of the row. */
  mode: z.string(),
  row: z.string(),
  /** Missing where `why` gives the reason. */
  value: z.union([z.number(), z.boolean(), z.string()]).optional(),
  /** The 95 % interval of a measured number. */
  interval: z.tuple([z.number(), z.number()]).optional(),
  samples: z.int().min(0).optional(),
  /** True where the samples are too few to rely on. */
  tooFewSamples: z.boolean().optional(),
  /** The displayed text, with the unit. */
  text: z.string(),
  /** The reason why there is no value, or why it is as it is. */
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
  /** The environment that makes the Todo API guard itself in this way. */
  environment: z.record(z.string(), z.string()),
});

/** The results of a run: the only input of the report's pages, the claims and the decision helper. */
export const reportSchema = z.strictObject({
  format: z.literal(reportFormat),
  made: z.strictObject({
    /** The start of the run, ISO 8601. */
    at: z.string(),
    command: z.string(),
    seconds: z.number(),
    /** False for a run that was interrupted or in which something failed; `missing` names what. */
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
      /** `sandbox`, or the version of the measured FusionAuth. */
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

/** Returns the JSON schema (draft 2020-12) of a report, which docs/comparison.schema.json publishes. */
export const reportJsonSchema = (): object => ({
  ...z.toJSONSchema(reportSchema),
  title: 'Gatehouse comparison',
  description: 'Every strategy and mode side by side, as `npm run compare` measures them.',
});

/** Describes the origin of a report's figures, in a sentence or two. */
export function originOf({ made }: Report): string {
  const { machine, versions } = made;
  const fusionauth =
    versions.fusionauth === 'sandbox'
      ? 'the sandbox in place of FusionAuth'
      : `FusionAuth ${versions.fusionauth}`;
  const by = `Measured on ${made.at.slice(0, 10)} by \`${made.command}\` in ${Math.round(made.seconds)} s`;
  const on = `on ${machine.system}, ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB`;
  const node = versions.node.replace(/^v/, '');
  const parts = `Gatehouse ${versions.gatehouse}, Node ${node}, ${fusionauth}; database: ${versions.database}`;
  return `${by}, ${on}: ${parts}.`;
}

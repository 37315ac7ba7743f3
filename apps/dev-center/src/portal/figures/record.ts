import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { shipped } from '#gatehouse/platform';

const schema = z.object({
  made: z.object({ at: z.string(), machine: z.object({ cpu: z.string(), cores: z.number() }) }),
  modes: z.array(z.object({ id: z.string(), title: z.string(), about: z.string() })),
  sections: z.array(
    z.object({
      id: z.string(),
      rows: z.array(z.object({ id: z.string(), title: z.string() })),
      cells: z.array(
        z.object({ mode: z.string(), row: z.string(), text: z.string(), why: z.string().optional() }),
      ),
    }),
  ),
});

/** The figures of `npm run compare` that the portal shows. */
export interface ComparisonRecord {
  readonly made: z.output<typeof schema>['made'];
  readonly modes: z.output<typeof schema>['modes'];
  /** Returns the text of a cell; undefined if the record has none. */
  cell(section: string, row: string, mode: string): string | undefined;
  /** Returns the title of a row; undefined if the record has none. */
  title(section: string, row: string): string | undefined;
}

/**
 * Reads the newest record: the one of this installation, in `directory`, or else the published one. Read again only
 * when the file has changed. A record in another format counts as none.
 */
export function comparisonRecord(directory: string): () => ComparisonRecord | undefined {
  const read = new Map<string, { changed: number; record: ComparisonRecord | undefined }>();
  const latest = (file: string) => {
    const changed = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (changed === undefined) return undefined;
    if (read.get(file)?.changed !== changed) read.set(file, { changed, record: readRecord(file) });
    return read.get(file)?.record;
  };
  return () => latest(join(directory, 'comparison.json')) ?? latest(shipped('docs/comparison.json'));
}

function readRecord(file: string): ComparisonRecord | undefined {
  const parsed = schema.safeParse(parsedFile(file));
  if (!parsed.success) return undefined;
  const { made, modes, sections } = parsed.data;
  const texts = new Map(
    sections.flatMap(({ id, cells }) =>
      cells.map(({ row, mode, text }) => [`${id} ${row} ${mode}`, text] as const),
    ),
  );
  const titles = new Map(
    sections.flatMap(({ id, rows }) => rows.map((row) => [`${id} ${row.id}`, row.title] as const)),
  );
  return {
    made,
    modes,
    cell: (section, row, mode) => texts.get(`${section} ${row} ${mode}`),
    title: (section, row) => titles.get(`${section} ${row}`),
  };
}

function parsedFile(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

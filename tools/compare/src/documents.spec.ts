import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { personas } from '../../../test/support/personas.js';
import { withCell } from '../../../test/support/sample-report.js';
import { rank } from './choose/browser/choose.js';
import { modelOf } from './choose/model.js';
import { judgeClaims } from './claims/ledger.js';
import { sourcesOf } from './fusionauth-documents.js';
import { readReport } from './read-report.js';
import { drawCharts } from './report/charts/charts.js';
import { withChoosingTable } from './report/choosing-table.js';
import { htmlReport } from './report/html.js';
import { documentsOf } from './report/write.js';

const docs = join(import.meta.dirname, '..', '..', '..', 'docs');
const read = (file: string) => readFileSync(file, 'utf8');
const record = readReport(join(docs, 'comparison.json'));

describe('docs/comparison', () => {
  it('has the documents and pictures of its record: npm run compare -- --docs', async () => {
    for (const [name, text] of await documentsOf(record))
      expect([name, read(join(docs, name))]).toEqual([name, text]);
  });

  it('has the table of README.md, with the figures of the record', () => {
    const readme = read(join(docs, '..', 'README.md'));
    expect(readme).toBe(withChoosingTable(readme, record));
    const place = { section: 'cost', row: 'cpu-new', mode: 'jwt/session' } as const;
    const other = withCell(record, place, { value: 1, text: '1 µs' });
    expect(withChoosingTable(readme, other)).not.toBe(readme);
  });

  it('is the record of a complete run', () => {
    expect([record.made.complete, record.made.missing]).toEqual([true, []]);
  });

  it('gives the claims of the guide the verdicts that were accepted: look at a changed one, then write it into accepted.json', () => {
    const accepted: unknown = JSON.parse(read(join(import.meta.dirname, 'claims', 'accepted.json')));
    const verdicts = judgeClaims(record).map(({ claim, verdict }) => [claim.id, verdict]);
    expect(Object.fromEntries(verdicts)).toEqual(accepted);
  });

  it('answers every question of the decision helper for twenty people', () => {
    const reasons = personas.flatMap(({ answers }) =>
      rank(modelOf(record), answers).flatMap((ranked) => ranked.reasons),
    );
    expect(reasons.filter(({ text, links }) => /^Not known/.test(text) || links.length === 0)).toEqual([]);
  });

  it('is a page well under 500 kB', async () => {
    const page = htmlReport(record, await drawCharts(record));
    expect(Buffer.byteLength(page)).toBeLessThan(400_000);
  });

  it('names a public page for everything that FusionAuth documents or its users report', () => {
    const { bases, without } = record.sections
      .flatMap(({ cells }) => cells.map(({ evidence }) => evidence))
      .filter((evidence) => evidence.kind === 'as-documented')
      .reduce(
        (all, evidence) => {
          const { basis, pages } = sourcesOf(evidence);
          all.bases.add(basis);
          return basis !== 'assumed' && pages.length === 0
            ? { ...all, without: [...all.without, evidence] }
            : all;
        },
        { bases: new Set<string>(), without: [] as object[] },
      );
    expect([[...bases].sort(), without]).toEqual([['assumed', 'documented', 'reported'], []]);
  });

  it('has a value in every cell, or says why not', () => {
    for (const { id, rows, cells } of record.sections) {
      expect([id, cells.length]).toEqual([id, rows.length * record.modes.length]);
      expect(cells.filter(({ value, points, why }) => (value ?? points ?? why) === undefined)).toEqual([]);
    }
  });
});

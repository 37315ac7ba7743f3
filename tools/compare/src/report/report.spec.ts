import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { sampleReport, withCell } from '../../../../test/support/sample-report.js';
import type { CellPlace } from '../cells.js';
import { judgeClaims } from '../claims/ledger.js';
import { type Report, reportJsonSchema, reportSchema } from '../report.js';
import { drawCharts } from './charts/charts.js';
import { choosePage, hashOf, htmlReport } from './html.js';
import { markdownReport } from './markdown.js';
import { placeId } from './view.js';
import { writeReport } from './write.js';

const report = sampleReport();
const pageOf = async (of: Report) => htmlReport(of, await drawCharts(of));
const markdownOf = (of: Report) =>
  markdownReport(of, {}, { claims: 'claims.md', picture: (section) => `${section}.svg` });

/** Returns a cell of a page, and its details. */
function cellOf(page: string, place: CellPlace) {
  const [, after = ''] = page.split(`<td id="${placeId(place)}"`);
  const [, numbers = '', text] = /data-details="([^"]*)".*?>(.*?)<\/button><\/td>/.exec(after) ?? [];
  const [, json = ''] = /id="details">(.*?)<\/script>/.exec(page) ?? [];
  const all = JSON.parse(json) as [string, string][];
  return { text, details: Object.fromEntries(numbers.split(' ').map((number) => all[Number(number)]!)) };
}

/** Returns a report with copies of the rows of its first section, until it has at least this number of cells. */
function grown(report: Report, cells: number): Report {
  const [first] = report.sections;
  const copies = Math.ceil(cells / first!.cells.length);
  const section = {
    ...first!,
    rows: first!.rows.flatMap((row) =>
      Array.from({ length: copies }, (_, at) => ({ ...row, id: `${row.id}-${at}` })),
    ),
    cells: first!.cells.flatMap((cell) =>
      Array.from({ length: copies }, (_, at) => ({
        ...cell,
        row: `${cell.row}-${at}`,
        how: `${cell.how} ${at} `.repeat(6),
      })),
    ),
  };
  return { ...report, sections: [...report.sections.slice(1), section] };
}

describe('the page', () => {
  it('is one self-contained file', async () => {
    const page = await pageOf(report);
    expect(page).not.toMatch(/<link|<img|<iframe| on\w+="| style="|url\(|@import|\bfetch\b|\bimport\b/);
    expect([...page.matchAll(/ (?:src|xlink:href)="/g)]).toEqual([]);
  });

  it('is well under 500 kB with a thousand cells, each measured in another way', async () => {
    const page = await pageOf(grown(report, 1_000));
    expect(page.match(/<td id=/g)!.length).toBeGreaterThanOrEqual(1_000);
    expect(Buffer.byteLength(page)).toBeLessThan(400_000);
  });

  it('permits its own style sheet and its own script, and nothing else', async () => {
    const page = await pageOf(report);
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const scripts = [...page.matchAll(/<script type="module">([\s\S]*?)<\/script>/g)];
    const [, policy] = /content-security-policy" content="([^"]*)"/.exec(page) ?? [];
    expect(scripts).toHaveLength(1);
    expect(policy).toBe(
      `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(scripts[0]![1]!)}'; base-uri 'none'; form-action 'none'`,
    );
  });

  it('has every cell once, with how it was measured and its evidence behind it', async () => {
    const page = await pageOf(report);
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const section of report.sections) {
      for (const cell of section.cells) {
        const { text, details } = cellOf(page, { section: section.id, ...cell });
        expect(text).toBe(cell.text === 'not applicable' ? 'n/a' : cell.text);
        expect(details).toMatchObject({
          How: cell.how,
          Evidence:
            cell.evidence.kind === 'measured'
              ? 'measured'
              : expect.stringMatching(
                  /^as documented by FusionAuth: OAuth endpoints https:\/\/fusionauth\.io\/docs\S+; JWTs/,
                ),
        });
      }
    }
  });

  it('sets as code what backticks enclose', async () => {
    const place = { section: 'lag', row: 'lock-user/1', mode: 'jwt/local' } as const;
    const page = await pageOf(withCell(report, place, { text: 'by `a<b>`', how: 'Run `npm <x>`.' }));
    expect(cellOf(page, place).text).toBe('by <code>a&lt;b&gt;</code>');
    expect(page).toContain('Run <code>npm &lt;x&gt;</code>.');
  });

  it('opens the same details from the summary as from the sections', async () => {
    const page = await pageOf(report);
    const numbersBy = (name: string) =>
      [...page.matchAll(new RegExp(`<td ${name}="([^"]+)".*? data-details="([^"]+)"`, 'g'))].map(
        ([, id, numbers]) => [id, numbers] as const,
      );
    const [inSummary, inSections] = [numbersBy('data-cell'), new Map(numbersBy('id'))];
    expect(inSummary.length).toBeGreaterThan(80);
    for (const [id, numbers] of inSummary) expect([id, inSections.get(id)]).toEqual([id, numbers]);
  });

  it('links only to existing cells and headings', async () => {
    const page = await pageOf(report);
    const ids = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(60);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('shows every claim with its verdict', async () => {
    const page = await pageOf(report);
    for (const { claim, verdict } of judgeClaims(report)) {
      const [, after = ''] = page.split(`id="claim-${claim.id.replace('/', '')}"`);
      expect(after.split('</h4>')[1]).toMatch(new RegExp(`class="verdict key \\w+">${verdict}<`));
    }
  });

  it('escapes what a report says', async () => {
    const place = { section: 'cost', row: 'cpu-new', mode: 'jwt/local' } as const;
    const page = await pageOf(withCell(report, place, { text: '<b>92</b>', how: '"&</script>' }));
    expect(page).toContain('&lt;b&gt;92&lt;/b&gt;</button>');
    expect(page).toContain('["How","\\"&\\u003c/script>"]');
    expect(cellOf(page, place).details['How']).toBe('"&</script>');
  });

  it('names what an incomplete run lacks', async () => {
    const cut = sampleReport();
    cut.made.complete = false;
    cut.made.missing = ['outage: interrupted'];
    const times = (text: string) => text.split('outage: interrupted').length - 1;
    expect(await pageOf(cut)).toContain('The run was not complete. Missing: outage: interrupted.');
    expect(choosePage(cut)).toContain('The run was not complete. Missing: outage: interrupted.');
    expect(markdownOf(cut)).toContain('**The run was not complete.** Missing: outage: interrupted.');
    expect([await pageOf(cut), choosePage(cut), markdownOf(cut)].map(times)).toEqual([1, 1, 1]);
    expect(markdownOf(report)).not.toContain('not complete');
  });

  it('shows only the number where a text lists items, and the text in the details', async () => {
    const place = { section: 'set-up', row: 'steps', mode: 'api-key' } as const;
    const text = '2: make a key that may read the probe group; hand the key to the developer';
    const page = await pageOf(withCell(report, place, { text }));
    expect(cellOf(page, place)).toMatchObject({ text: '2', details: { Value: text } });
  });

  it('marks too few samples, and renders half a report', async () => {
    const half = sampleReport();
    half.sections = half.sections.filter(({ id }) => id === 'cost');
    const place = { section: 'cost', row: 'cpu-new', mode: 'jwt/local' } as const;
    const page = await pageOf(withCell(half, place, { samples: 3, tooFewSamples: true }));
    expect(cellOf(page, place).details['Samples']).toBe('3, too few to rely on');
    expect(page).toContain('Not decided by this report: lag, lock-user/0, jwt/local: not in this report.');
    expect(page).not.toContain('undefined');
  });
});

describe('the pictures', () => {
  it('draw bars in proportion to the costs, with their intervals', async () => {
    const { cost = '' } = await drawCharts(report);
    const bars = [...cost.matchAll(/d="M0,[\d.]+h([\d.]+)v[\d.]+h-[\d.]+Z" fill="var\(--chart-[12]\)"/g)];
    const lengths = bars.map(([, length]) => Number(length));
    const labels = [...cost.matchAll(/>([\d.]+)<\/text>/g)].map(([, text]) => text);
    expect(labels).toEqual(expect.arrayContaining(['92', '101', '260', '21', '22']));
    expect(lengths).toHaveLength(2 * report.modes.length);
    expect(Math.max(...lengths) / Math.min(...lengths)).toBeCloseTo(260 / 21, 1);
  });

  it('name every mode, in colours that follow light and dark', async () => {
    const charts = await drawCharts(report);
    expect(Object.keys(charts)).toEqual(['cost', 'calls', 'outage']);
    for (const svg of Object.values(charts)) {
      for (const { title } of report.modes) expect(svg).toContain(`>${title}</text>`);
      expect(svg).toMatch(/role="img" aria-label="\w/);
      expect(svg).not.toMatch(/fill="(#|black|white)/);
    }
  });

  it('are left out where nothing was measured', async () => {
    expect(await drawCharts({ ...report, sections: [] })).toEqual({});
  });
});

describe('the report as Markdown', () => {
  it('marks ratings and evidence, and describes each way to measure once', () => {
    const text = markdownOf(report);
    expect(text).toMatch(/\| Lock the user by an action, cache time 1 s \| 🔴 \*not before it expires\* \|/);
    expect(text).toContain('- CPU, new credential: How CPU, new credential was measured.\n');
    expect(text).toContain(
      '- As FusionAuth documents it: [OAuth endpoints](https://fusionauth.io/docs/lifecycle/authenticate-users/oauth/endpoints), [JWTs and refresh tokens](https://fusionauth.io/docs/apis/jwt).\n',
    );
    expect(text).toContain('Node 24.21.0, the sandbox in place of FusionAuth; database: PGlite 0.5.16.');
    expect(text).not.toContain('undefined');
    expect(text).not.toMatch(/\n\n\n/);
  });

  it('has tables as wide as there are modes', () => {
    const place = { section: 'lag', row: 'lock-user/1', mode: 'jwt/local' } as const;
    const rows = markdownOf(withCell(report, place, { text: 'one | two' }))
      .split('\n')
      .filter((line) => line.startsWith('|'));
    expect(rows.length).toBeGreaterThan(60);
    expect(new Set(rows.map((line) => line.split(/(?<!\\)\|/).length))).toEqual(
      new Set([report.modes.length + 3]),
    );
  });
});

describe('a written report', () => {
  it('is a directory that holds page, Markdown, claims, pictures and data', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'report-'));
    await writeReport(report, directory);
    expect(readdirSync(directory).sort()).toEqual([
      'choose.html',
      'claims.md',
      'comparison-calls.svg',
      'comparison-cost.svg',
      'comparison-outage.svg',
      'comparison.json',
      'comparison.md',
      'comparison.schema.json',
      'index.html',
    ]);
    expect(reportSchema.parse(JSON.parse(readFileSync(join(directory, 'comparison.json'), 'utf8')))).toEqual(
      report,
    );
    expect(readFileSync(join(directory, 'comparison-cost.svg'), 'utf8')).toContain(
      'prefers-color-scheme: dark',
    );
  });

  it('keeps to the published schema', () => {
    const published: unknown = JSON.parse(
      readFileSync(join(import.meta.dirname, '../../../../docs/comparison.schema.json'), 'utf8'),
    );
    expect(published).toEqual(JSON.parse(JSON.stringify(reportJsonSchema())));
    const validate = new Ajv2020({ allowUnionTypes: true }).compile(published as object);
    expect([validate(report), validate.errors]).toEqual([true, null]);
    expect(validate({ ...report, format: 'gatehouse-comparison/0' })).toBe(false);
  });
});

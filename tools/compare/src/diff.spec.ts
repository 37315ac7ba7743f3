import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleReport, withCell, withoutCell } from '../../../test/support/sample-report.js';
import { differenceOf, runDiff } from './diff.js';
import type { Cell, Report } from './report.js';

const directory = mkdtempSync(join(tmpdir(), 'diff-'));
const file = (name: string, content: unknown) => {
  const path = join(directory, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};
const diff = (after: Report, before: Report = sampleReport()) => {
  const lines: string[] = [];
  const files = [file('before.json', before), file('after.json', after)] as const;
  const code = runDiff(files, (line) => lines.push(line));
  return { code, lines };
};

describe('compare --diff', () => {
  it('says that nothing changed between a report and itself, and exits 0', () => {
    const { code, lines } = diff(sampleReport());
    const cells = sampleReport().sections.flatMap((section) => section.cells).length;
    expect([code, lines]).toEqual([
      0,
      ['Nothing changed beyond the noise.', `${cells} cells are the same or within the noise.`],
    ]);
  });

  // JWT local, new credential: 92 µs, 88.32 to 95.68.
  it.each<[what: string, Partial<Cell>, outcome: string]>([
    ['a figure whose interval meets the other', { value: 97, interval: [94, 100] }, 'within'],
    ['a figure whose interval is apart', { value: 105, interval: [102, 108] }, 'changed'],
    ['a lower figure whose interval is apart', { value: 80, interval: [77, 83] }, 'changed'],
  ])('judges %s', (_, change, outcome) => {
    const place = { section: 'cost', row: 'cpu-new', mode: 'jwt/local' } as const;
    const { cells } = differenceOf(sampleReport(), withCell(sampleReport(), place, change));
    const outcomes = cells.filter(
      (cell) => cell.outcome !== 'same' && cell.before.value !== cell.after.value,
    );
    expect(outcomes.map((cell) => [cell.row, cell.mode, cell.outcome])).toEqual([
      ['cpu-new', 'jwt/local', outcome],
    ]);
  });

  it.each<[what: string, string, string, string, Partial<Cell>]>([
    ['a lock that is noticed now', 'lag', 'lock-user/1', 'jwt/introspection', { value: 1.1, text: '1.1 s' }],
    ['a step more', 'set-up', 'steps', 'api-key', { value: 3, text: '3' }],
    ['a 401 in an outage', 'outage', 'refused/unauthorized', 'jwt/session', { value: 4, text: '4' }],
    [
      'a call that a leaked key opens',
      'blast-radius',
      'read-users',
      'api-key',
      { value: true, text: 'true' },
    ],
    ['a value where there was none', 'lag', 'lock-user/1', 'api-key', { value: 1, text: '1 s' }],
  ])('prints %s, and exits 1', (_, section, row, mode, change) => {
    const place = { section, row, mode } as Parameters<typeof withCell>[1];
    const { code, lines } = diff(withCell(sampleReport(), place, change));
    expect(code).toBe(1);
    expect(lines[0]).toBe('Changed beyond the noise (1):');
    expect(lines[1]).toContain(`${section}, ${row}, ${mode}: `);
    expect(lines[1]).toContain(` → ${change.text}`);
  });

  it.each<[what: string, string, string, number, string]>([
    ['time', 'set-up', 'first-200', 2, '0.8 s → 2 s'],
    ['share', 'outage', 'refused/served', 0.5, '60 % → 50 %'],
  ])('does not judge a %s whose noise neither run measured', (_, section, row, value, line) => {
    const place = { section, row, mode: 'email-token' } as Parameters<typeof withCell>[1];
    const text = line.split(' → ')[1]!;
    const { code, lines } = diff(withCell(sampleReport(), place, { value, text }));
    expect(code).toBe(0);
    expect(lines).toContain('Different, and neither run measured the noise (1):');
    expect(lines).toContain(`  ${section}, ${row}, email-token: ${line}`);
  });

  it('names what only one report has, and the different circumstances', () => {
    const after = withoutCell(sampleReport(), { section: 'cost', row: 'p50', mode: 'api-key' });
    after.made.machine.cores = 4;
    const { lines } = diff(after);
    expect(lines[0]).toBe('Different: machine: Example CPU, 2 cores → Example CPU, 4 cores');
    expect(lines.at(-1)).toBe('Only in the first: cost, p50, api-key');
  });

  it.each<[what: string, unknown, RegExp]>([
    [
      'of another version',
      { ...sampleReport(), format: 'gatehouse-comparison/0' },
      /b\.json is a report of the format gatehouse-comparison\/0; this version reads gatehouse-comparison\/1\. Make one with: npm run compare -- --json FILE$/,
    ],
    ['that is not a report', { results: [] }, /b\.json is not a report; this version reads/],
    ['with a hole in it', { ...sampleReport(), modes: undefined }, /b\.json is no whole report: modes: /],
    ['that is not JSON', '{', /b\.json cannot be read \(it is not JSON\)/],
  ])('refuses a report %s in one sentence, with exit code 2', (_, content, sentence) => {
    const files = [file('a.json', sampleReport()), file('b.json', content)] as const;
    expect(() => runDiff(files, () => undefined)).toThrow(sentence);
    expect(() => runDiff(files, () => undefined)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('refuses a file that is not there', () => {
    expect(() =>
      runDiff([join(directory, 'none.json'), join(directory, 'none.json')], () => undefined),
    ).toThrow(/none\.json cannot be read \(ENOENT\)/);
  });
});

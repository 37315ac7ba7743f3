import { readFileSync } from 'node:fs';

interface Reporter {
  onTestResult(test: unknown, result: object): void;
  onRunComplete(): void;
  getLastError(): Error | undefined;
}
const { default: ChecklistReporter } = (await import(
  new URL('checklist-reporter.mjs', import.meta.url).href
)) as { default: new (config: object, options: { write: (text: string) => unknown }) => Reporter };
const checklist = JSON.parse(readFileSync('test/checklist/checklist.json', 'utf8')) as Record<
  string,
  { asks?: string; elsewhere?: string }
>;
const ours = Object.keys(checklist).filter((id) => checklist[id]?.asks !== undefined);

/** Returns the reporter's text for a run in which tests with these titles ended with these statuses. */
function reported(titles: Record<string, string>, config: object = {}) {
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  const reporter = new ChecklistReporter({ nonFlagArgs: [], ...config }, { write });
  const testResults = Object.entries(titles).map(([fullName, status]) => ({ fullName, status }));
  reporter.onTestResult({}, { testResults });
  reporter.onRunComplete();
  return { text: written.join(''), error: reporter.getLastError()?.message };
}

const all = Object.fromEntries(ours.map((id) => [`holds (${id})`, 'passed']));

describe('the checklist', () => {
  it('says of every item that it is a resource server’s, or why it is not', () => {
    const told = Object.values(checklist).filter(
      ({ asks, elsewhere }) => (asks === undefined) !== (elsewhere === undefined),
    );
    expect(told).toHaveLength(Object.keys(checklist).length);
    const family = (name: string, most: number) =>
      Array.from({ length: most }, (_, index) => `${name}-${index + 1}`);
    expect(Object.keys(checklist)).toEqual([...family('JWT', 15), ...family('OA', 14), ...family('HTTP', 3)]);
  });

  it('is covered when a passed test bears each id', () => {
    const { text, error } = reported(all);
    expect(text).toContain(`Checklist: ${ours.length} of ${ours.length} covered`);
    expect(error).toBeUndefined();
  });

  it('fails a full run in which a test that bears an id is missing or failed', () => {
    const { text, error } = reported({ ...all, 'holds (JWT-3)': 'failed' });
    expect(text).toContain(`Checklist: ${ours.length - 1} of ${ours.length} covered`);
    expect(text).toContain('no test bears JWT-3: the whole operation');
    expect(error).toContain('JWT-3');
  });

  it.each([{ nonFlagArgs: ['some.spec.ts'] }, { testNamePattern: 'x' }, { onlyChanged: true }])(
    'says nothing of a run of a part (%j)',
    (config) => {
      expect(reported({}, config)).toEqual({ text: '', error: undefined });
    },
  );
});

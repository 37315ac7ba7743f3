import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strategyNames } from '#gatehouse/auth';
import { todoApiSchema } from '../../../../apps/todo-api/src/config.js';
import { personas } from '../../../../test/support/personas.js';
import { sampleReport, withCell } from '../../../../test/support/sample-report.js';
import { atExpiry, type CellPlace, findCell, samePlace } from '../cells.js';
import type { Cell, Report } from '../report.js';
import { choosePage, hashOf, htmlReport } from '../report/html.js';
import { rank } from './browser/choose.js';
import { type Answers, modelOf, startWith } from './model.js';
import { questions } from './questions.js';
import { runChoose } from './run-choose.js';

const report = sampleReport();
const ranking = (of: Report, answers: Answers) => rank(modelOf(of), answers);

/** Returns another valid value for a cell. */
function otherwise(cell: Cell | undefined): Partial<Cell> {
  const { value } = cell ?? {};
  if (typeof value === 'number') return { value: value * 3 + 7, text: 'other' };
  if (typeof value === 'boolean') return { value: !value, text: 'other' };
  if (value === undefined) return { value: atExpiry, text: 'other' };
  if (value === atExpiry) return { value: 0.5, text: 'other' };
  return { value: value === 'Community' ? 'Starter' : 'Community', text: 'other' };
}

describe('the decision helper', () => {
  it('asks at most ten questions', () => {
    expect(questions.length).toBeLessThanOrEqual(10);
    expect(new Set(questions.map(({ id }) => id)).size).toBe(questions.length);
    expect(personas).toHaveLength(20);
  });

  it.each(personas)('ranks $best first for somebody who $who', ({ answers, best }) => {
    const [first, ...others] = ranking(report, answers);
    expect([first?.mode, first?.out]).toEqual([best, false]);
    for (const { whyNot, points, out } of others)
      if (out || points < first!.points) expect(whyNot).not.toEqual([]);
  });

  it.each(personas)(
    'explains by cells or claims every point it gives to somebody who $who',
    ({ answers }) => {
      for (const { points, reasons, out } of ranking(report, answers)) {
        expect(points).toBe(reasons.reduce((sum, reason) => sum + reason.points, 0));
        expect(out).toBe(reasons.some((reason) => reason.out));
        for (const { links, places, text } of reasons) {
          expect([text, links.length > 0]).toEqual([text, true]);
          expect(links.some(({ href }) => href.includes('#claim-')) || places.length > 0).toBe(true);
        }
      }
    },
  );

  it('changes with a cell the rankings that rest on it, and no other', () => {
    const before = personas.map(({ answers }) => ranking(report, answers));
    const texts = before.map((ranked) => JSON.stringify(ranked));
    const places = before.map((ranked) =>
      ranked.flatMap(({ reasons }) => reasons.flatMap((reason) => reason.places)),
    );
    const all = places.flat();
    const once = all.filter((place, at) => all.findIndex((other) => samePlace(other, place)) === at);
    expect(once.length).toBeGreaterThan(100);
    const unmoved: CellPlace[] = [];
    for (const place of once) {
      const changed = withCell(report, place, otherwise(findCell(report, place)));
      const model = modelOf(changed);
      const moved = personas.map(({ answers }, at) => JSON.stringify(rank(model, answers)) !== texts[at]);
      const resting = personas.map((_, at) => places[at]!.some((other) => samePlace(other, place)));
      expect(moved.filter((one, at) => one && !resting[at])).toEqual([]);
      if (resting.some((one, at) => one && !moved[at])) unmoved.push(place);
    }
    // These are behind a claim, and one cell alone need not change its verdict.
    expect(unmoved.filter(({ section, row }) => !behindClaims.includes(`${section} ${row}`))).toEqual([]);
  });

  it('ignores cells that no answer asks about', () => {
    const place = { section: 'cost', row: 'bytes', mode: 'api-key' } as const;
    const changed = withCell(report, place, { value: 1, text: 'other' });
    for (const { answers } of personas) expect(ranking(changed, answers)).toEqual(ranking(report, answers));
  });

  it('links to what the page of the report has', () => {
    const page = htmlReport(report, {});
    const links = personas.flatMap(({ answers }) =>
      ranking(report, answers).flatMap(({ reasons }) => reasons.flatMap((reason) => reason.links)),
    );
    const ids = new Set(links.map(({ href }) => href.replace('index.html#', '')));
    expect([...ids].filter((id) => !page.includes(`id="${id}"`))).toEqual([]);
  });

  it('gives no points for a cell that was not measured, and says so', () => {
    const short = sampleReport();
    short.sections = short.sections.filter(({ id }) => id !== 'outage');
    const [first] = ranking(short, { outage: 'nothing' });
    expect(first?.points).toBe(0);
    expect(first?.reasons[0]?.text).toMatch(
      /^Not known: outage, refused\/served, \S+: not in this report\.$/,
    );
  });

  it('ranks modes that cannot meet a demand last, even with better figures', () => {
    // Its peak rate is the best and it keeps serving, but it needs a paid plan.
    const answers = { plan: 'community', load: 'many', outage: 'nothing', person: 'no', clients: '10000' };
    const ranked = ranking(report, answers);
    const machine = ranked.find(({ mode }) => mode === 'client-credentials')!;
    const last = ranked.filter(({ out }) => !out).at(-1)!;
    expect(machine.points).toBeGreaterThan(last.points);
    expect(ranked.indexOf(machine)).toBeGreaterThan(ranked.indexOf(last));
  });

  it('names existing settings and an existing strategy to start with', () => {
    for (const mode of report.modes) {
      const { env, commands } = startWith(mode);
      const names = env.map((line) => line.split('=')[0]!);
      expect(names.filter((name) => !(name in todoApiSchema.shape))).toEqual([]);
      const [, strategy] = /--strategy (\S+)/.exec(commands.at(-1)!) ?? [];
      expect([...strategyNames, 'client-credentials']).toContain(strategy);
    }
    const kickstart = readFileSync('deploy/kickstart/kickstart.json', 'utf8');
    const { variables } = JSON.parse(kickstart) as { variables: Record<string, string> };
    const machine = report.modes.find(({ id }) => id === 'client-credentials')!;
    expect(startWith(machine).env).toContain(`FUSIONAUTH_ENTITY_ID=${variables['todoApiEntityId']}`);
  });
});

const behindClaims = ['set-up steps', 'set-up human-steps', 'lag lock-user/0', 'lag expire-key/0'];

describe('the page of the decision helper', () => {
  const page = choosePage(report);

  it('permits its own style sheet and its own script, and nothing else', () => {
    const [, script = ''] = /<script type="module">([\s\S]*?)<\/script>/.exec(page) ?? [];
    expect(script).toBe(readFileSync(join(import.meta.dirname, 'browser/choose.js'), 'utf8'));
    expect(page).toContain(`script-src '${hashOf(script)}'`);
    expect(page).not.toMatch(/ on\w+="| style="| src=|@import/);
  });

  it('contains the whole model, so that it works offline', () => {
    const [, text = ''] = /id="model">([\s\S]*?)<\/script>/.exec(page) ?? [];
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(modelOf(report))));
    for (const { id, asks } of questions) {
      expect(page).toContain(`<legend>${asks}</legend>`);
      expect(page).toContain(`name="${id}"`);
    }
  });

  it('escapes the texts of a report inside its script', () => {
    const hostile = sampleReport();
    hostile.modes[0]!.about = '</script><b>';
    expect(choosePage(hostile)).not.toContain('</script><b>');
  });
});

describe('compare --choose', () => {
  const directory = mkdtempSync(join(tmpdir(), 'choose-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const choose = (text: string) => {
    const lines: string[] = [];
    const code = runChoose(report, file('answers.json', text), (line) => lines.push(line));
    return { code, text: lines.join('\n') };
  };

  it('prints the best mode, the reasons, how to start, and the reasons against the others', () => {
    const { code, text } = choose('{ "end": "seconds", "outage": "nothing" }');
    expect(code).toBe(0);
    expect(text).toMatch(/^jwt\/local\+push, 4 points\n/);
    expect(text).toContain('  +2  Refused after 1.03 s. (');
    expect(text).toContain('\nIn .env:\n  AUTH_STRATEGY=jwt\n');
    expect(text).toContain('npm run credentials -- issue --client my-app --strategy jwt');
    expect(text).toContain(
      '\nNot jwt/local, -1 points:\n  -3  It keeps working: refused not before it expires.',
    );
  });

  it('says so when nothing fits, with exit code 1', () => {
    const cut = sampleReport();
    cut.modes = cut.modes.filter(({ id }) => id === 'client-credentials');
    const lines: string[] = [];
    expect(runChoose(cut, file('plan.json', '{"plan":"community"}'), (line) => lines.push(line))).toBe(1);
    expect(lines[0]).toBe('Nothing fits entirely. Nearest: client-credentials, -3 points\n');
  });

  it.each([
    ['no JSON', '{', /is no JSON\. It holds answers by question:\n {2}end: seconds \| expiry/],
    ['no object', '[]', /must be an object/],
    ['an unknown question', '{"speed":"1"}', /there is no question ‘speed’\. These are:\n/],
    ['an unknown answer', '{"end":"soon"}', /end is answered by one of seconds, expiry\.$/],
  ])('refuses %s in one sentence, with exit code 2', (_, text, sentence) => {
    expect(() => choose(text)).toThrow(sentence);
    expect(() => choose(text)).toThrow(expect.objectContaining({ exitCode: 2 }));
  });

  it('refuses a file that is not there', () => {
    expect(() => runChoose(report, join(directory, 'none.json'), () => undefined)).toThrow(/cannot be read/);
  });
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { devCenterSchema } from '../../apps/dev-center/src/config.js';
import { reminderSchema } from '../../apps/reminder-app/src/config.js';
import { todoApiSchema } from '../../apps/todo-api/src/config.js';
import { sandboxSchema } from '../../tools/sandbox/src/config.js';
import { modes } from '../../tools/start/src/once/modes.js';
import { cell } from '../contract/matrix.js';
import { type ModeName, modeNames } from '../contract/mode.js';
import { allModes } from '../contract/modes.js';
import { sentences } from '../contract/sentences.js';

const root = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const documents = globSync('{,docs/**/,deploy/**/,examples/**/,libs/**/,test/**/,tools/**/}*.md', {
  cwd: root,
  exclude: ['**/node_modules'],
}).sort();
const strategies = read('docs/strategies.md');
const blocks = (language: string) =>
  [...strategies.matchAll(new RegExp('```' + language + '\\n([\\s\\S]*?)```', 'g'))].map(
    ([, text = '']) => text,
  );

/** Returns the anchors that GitHub generates for the headings of a document. */
const anchorsOf = (path: string) =>
  [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(documents)('%s', (path) => {
  it('has no link that leads nowhere', () => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      if (/^https?:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe.each(documents.filter((path) => citedFiles(path) > 0))('%s', (path) => {
  it('cites sentences that are in the tests, and that hold in the modes it names', () => {
    const citations = citationsIn(path);
    expect(new Set(citations.map(({ at }) => at)).size).toBe(citedFiles(path));
    expect(citations.flatMap(problemsOf)).toEqual([]);
  });
});

/** Returns the sections of a document (`## …`) without its code blocks. */
const sectionsOf = (path: string) =>
  read(path)
    .replaceAll(/^( *)```[^]*?^\1```/gm, '')
    .split(/^(?=## )/m);
const definition = /^\[\^(\d+)\]: /;

describe.each(documents.filter((path) => read(path).includes('[^')))('the footnotes of %s', (path) => {
  it('are numbered in order, and stand at the end of the section that refers to them', () => {
    const defined = sectionsOf(path).map((section) => {
      const lines = section.trimEnd().split('\n');
      const first = lines.findIndex((line) => definition.test(line));
      const [text, notes] = first < 0 ? [lines, []] : [lines.slice(0, first), lines.slice(first)];
      const numbers = notes
        .filter((line) => line !== '')
        .map((line) => Number(definition.exec(line)?.[1] ?? Number.NaN));
      const referred = [...text.join('\n').matchAll(/\[\^(\d+)\]/g)].map(([, number]) => Number(number));
      expect(new Set(referred)).toEqual(new Set(numbers));
      return numbers;
    });
    expect(defined.flat()).toEqual(defined.flat().map((_, at) => at + 1));
  });
});

/** Documents whose citations are lists of evidence by their form. */
const evidence = /^docs\/(decisions\/|claims\.md|gateways\.md)/;

describe.each(documents.filter((path) => citedFiles(path) > 0 && !evidence.test(path)))('%s', (path) => {
  it('cites tests in footnotes, so that its sentences can be read', () => {
    const text = sectionsOf(path).flatMap((section) =>
      section.split('\n').filter((line) => !definition.test(line)),
    );
    expect(text.join(' ').match(/`[\w./-]+\.ts`(?: \([^)]+\))?: "/g)).toBeNull();
  });
});

describe('CONTRIBUTING.md', () => {
  it('runs tests that exist, by their file and by their title', () => {
    const commands = [...read('CONTRIBUTING.md').matchAll(/npx jest (\w+\/\S+?)(?: -t '([^']+)')?`/g)];
    expect(commands.length).toBeGreaterThan(2);
    for (const [, path = '', title = ''] of commands) {
      const files = globSync(path.endsWith('.ts') ? path : `${path}/**/*.spec.ts`, { cwd: root });
      expect([path, title, files.some((file) => read(file).includes(title))]).toEqual([path, title, true]);
    }
  });
});

interface Citation {
  /** The offset in the document. */
  readonly at: number;
  readonly file: string;
  readonly modes: readonly string[];
  readonly sentence: string;
}

/** Finds citations: `file` (mode, mode): "sentence", "sentence" */
function citationsIn(path: string): Citation[] {
  const text = read(path).replaceAll(/\s+/g, ' ');
  const found = text.matchAll(/`([\w./-]+\.ts)`(?: \(([^)]+)\))?: ("[^"]+"(?:, "[^"]+")*)/g);
  return [...found].flatMap(({ index: at, 1: file = '', 2: modes, 3: quoted = '' }) =>
    [...quoted.matchAll(/"([^"]+)"/g)].map(([, sentence = '']) => ({
      at,
      file,
      modes: modes?.split(', ') ?? [],
      sentence,
    })),
  );
}

/** Counts the test files named with a colon after them. */
function citedFiles(path: string): number {
  return [
    ...read(path)
      .replaceAll(/\s+/g, ' ')
      .matchAll(/`[\w./-]+\.ts`(?: \([^)]+\))?:/g),
  ].length;
}

function problemsOf({ file, modes, sentence }: Citation): string[] {
  if (!existsSync(join(root, file))) return [`${file} does not exist`];
  if (!read(file).includes(sentence)) return [`${file} does not say: ${sentence}`];
  if (file !== 'test/contract/sentences.ts') return [];
  const unknown = modes.filter((mode) => !modeNames.some((name) => name === mode));
  const others = modes.filter(
    (mode) => !unknown.includes(mode) && cell(sentence, mode as ModeName) !== 'holds',
  );
  return [
    ...unknown.map((mode) => `there is no mode ${mode}`),
    ...others.map((mode) => `does not hold in ${mode}: ${sentence}`),
  ];
}

describe('docs/decisions', () => {
  const records = documents.filter((path) => /^docs\/decisions\/\d/.test(path));

  it.each(records)(
    '%s says what was claimed, why it is not so, what follows, and which test holds it',
    (path) => {
      const parts = [...read(path).matchAll(/^\*\*(.+?)\.\*\*/gm)].map(([, name]) => name);
      expect(parts).toEqual(['Claimed', 'Evidence', 'Decision', 'Consequence', 'Tests']);
      expect(citationsIn(path)).not.toHaveLength(0);
    },
  );

  it('are all in the index, under their titles', () => {
    const index = read('docs/decisions/README.md');
    for (const path of records) {
      const [, number = '', title = ''] = /^# (\d{4}): (.*)$/m.exec(read(path)) ?? [];
      expect(index.replaceAll(/ +/g, ' ')).toContain(
        `| [${number}](${path.split('/').at(-1)!}) | ${title} |`,
      );
    }
  });
});

describe('docs/strategies.md', () => {
  it('the calls of docs/strategies.md are those of the contract', () => {
    const counted = /^\| (\S+) +\|[^|]*\|[^|]*\| (\d+) \/ (\d+) /gm;
    const rows = [...strategies.matchAll(counted)].map(([, mode, first, later]) => [
      mode,
      Number(first),
      Number(later),
    ]);
    const named = modes.map(({ mode }) => mode);
    const callsOf = (name: string) =>
      allModes.find((mode) => mode.name === name || mode.name === `${name}/local`)?.calls.length;
    expect(rows).toEqual(named.map((name) => [name, callsOf(name), 0]));
    expect(named.filter((name) => !strategies.includes(`\n## ${name}\n`))).toEqual([]);
    expect(sentences.map(({ title }) => title)).toContain(
      'calls FusionAuth once for fifty simultaneous requests',
    );
  });

  it('names variables that exist', () => {
    const known = [todoApiSchema, reminderSchema, devCenterSchema, sandboxSchema].flatMap(({ shape }) =>
      Object.keys(shape),
    );
    const assigned = ['sh', 'diff'].flatMap((language) =>
      blocks(language).flatMap((text) =>
        [...text.matchAll(/^[ +-]?([A-Z][A-Z_]+)=/gm)].map(([, name]) => name),
      ),
    );
    const mentioned = [...strategies.matchAll(/`([A-Z][A-Z_]+_[A-Z_]+)(?:=[\w-]+)?`/g)].map(
      ([, name]) => name,
    );
    const strangers = [...assigned, ...mentioned].filter((name) => !known.includes(name!));
    expect(assigned.length).toBeGreaterThan(30);
    expect(strangers).toEqual([]);
  });

  it('takes away in each difference only what jwt/local has', () => {
    const base = [...blocks('sh'), ...blocks('ts')].join('\n').split('\n');
    const removed = blocks('diff').flatMap((text) => text.split('\n').filter((line) => /^[ -]\S/.test(line)));
    expect(removed.length).toBeGreaterThan(20);
    expect(removed.filter((line) => !base.includes(line.slice(1)))).toEqual([]);
  });

  it('draws a sequence for each mode, with every participant declared and every block closed', () => {
    const drawings = blocks('mermaid');
    expect(drawings).toHaveLength(modes.length);
    for (const drawing of drawings) {
      const [first, ...lines] = drawing
        .trim()
        .split('\n')
        .map((line) => line.trim());
      expect(first).toBe('sequenceDiagram');
      const declared = lines.flatMap((line) => /^participant (\w+) as \S/.exec(line)?.[1] ?? []);
      const used = lines.flatMap((line) => /^(\w+)--?>>(\w+): \S/.exec(line)?.slice(1) ?? []);
      expect(used.filter((name) => !declared.includes(name))).toEqual([]);
      const opened = lines.filter((line) => /^(loop|alt|opt|par) /.test(line)).length;
      expect(lines.filter((line) => line === 'end')).toHaveLength(opened);
      const statement = /^(participant|loop|alt|else|opt|par|and|end|Note)\b|^\w+--?>>\w+: [^;#]+$/;
      expect(lines.filter((line) => !statement.test(line) || line.includes(';'))).toEqual([]);
    }
  });
});

import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hitsIn } from '../../scripts/words/hits.js';
import { turns } from '../../scripts/words/turns.js';

const root = join(import.meta.dirname, '..', '..');
const found = (path: string, text: string) => hitsIn(path, text).map(({ line, name }) => `${line} ${name}`);

/** For each turn, a sentence that contains it and one that only resembles it. */
const sentences: readonly (readonly [turn: string, has: string, looksLike: string])[] = [
  ['whoever', 'Answers whoever asks.', 'Answers the caller who ever asked.'],
  ['whichever', 'Takes whichever is first.', 'Takes the one which is first.'],
  ['whatever', 'Closes whatever happens.', 'Says what ever happened.'],
  ['however many', 'One call however many callers wait.', 'It is slow; however, many callers wait.'],
  ['is told', 'The caller is told why.', 'The caller told us why.'],
  ['tell apart', 'What tells them apart is the id.', 'Tell the caller why.'],
  ['causal for', 'It waits, for it is locked.', 'It waits for its lock.'],
  ['causal for', 'It waits, for the row is locked.', 'A lock, for callers that are late.'],
  ['has not a', 'The token has not a kid.', 'The token has not been read.'],
  ['is no X', 'Refuses what is no token.', 'There is no token, which is no longer valid.'],
  ['so many', 'Waits so many seconds.', 'There are so many that it waits.'],
  ['of which', 'A key of which nobody knows.', 'The key in which the id is.'],
  ['what it was when', 'It is what it was when it failed.', 'It is what it was.'],
  ['at hand', 'The answer is at hand.', 'It is at the handler.'],
  ['to be had', 'No lock is to be had.', 'A lock has to be held.'],
  ['good for', 'It is good for an hour.', 'It is a good format.'],
  ['a token ends', 'The token ends at noon.', 'The response ends at noon.'],
  ['without an end of its own', 'A key without an end of its own.', 'A key with an id of its own.'],
  ['takes back', 'It takes the key back.', 'It takes the key.'],
  ['stands in', 'The reason stands in the log.', 'The sandbox stands in for FusionAuth.'],
  ['yet for still', 'It may yet come.', 'It has not come yet.'],
  ['or no', 'Says whether it is valid or no.', 'Says whether one or no token came.'],
  ['so is it', 'The key is gone, so is it.', 'The key is gone, and so is its owner.'],
  ['no more', 'It is used no more.', 'It has no more than ten.'],
  ['nothing but', 'It needs nothing but npm.', 'It needs nothing, but npm helps.'],
  ['lest', 'It waits lest it fail.', 'It waits at least a second.'],
  ['but for', 'All of it but for the key.', 'Not for this but that.'],
  ['anew', 'It reads anew.', 'It reads a new one.'],
  ['as good as', 'It is as good as done.', 'It is as good.'],
  ['in force', 'The new key is in force.', 'The new key is enforced.'],
  ['goes on', 'The run goes on after a crash.', 'The light is on.'],
  ['lives on', 'Other devices live on.', 'People live on islands.'],
  ['from then on', 'It is refused from the next reload on.', 'It is refused from the next reload.'],
  ['in turns', 'The servers are measured in turns.', 'The servers take turns.'],
  ['to the letter', 'The issuer is compared to the letter.', 'It adds an s to the letters.'],
  ['mend', 'It mends its settings.', 'It amends its settings.'],
  ['it is looked', 'First it is looked whether it is there.', 'First it is read.'],
];

describe('the turns that are not to be used', () => {
  it.each(sentences)('%s: are found in "%s" and not in "%s"', (turn, has, looksLike) => {
    expect(found('x.md', has)).toEqual([`1 ${turn}`]);
    expect(found('x.md', looksLike)).toEqual([]);
  });

  it('all have their sentences here', () => {
    expect(new Set(sentences.map(([turn]) => turn))).toEqual(new Set(turns.map(({ name }) => name)));
  });
});

describe('a doc comment', () => {
  it.each([
    ['What it does.', ['1 What']],
    ['\n * What it does,\n * in two lines.', ['1 What']],
    ['What is it? A question.', []],
    ['Returns what it did.', []],
  ])('that reads "%s" is reported as %j', (comment, hits) => {
    expect(found('x.ts', `/** ${comment} */`)).toEqual(hits);
  });
});

describe('prose', () => {
  it.each([
    ['x.ts', 'const whatever = 1; // whatever\n/* two\n * whatever */', ['1 whatever', '3 whatever']],
    [
      'x.ts',
      "it('answers whatever', () => say(`so many ${many}: whatever else`));",
      ['1 whatever', '1 so many', '1 whatever'],
    ],
    ['x.ts', "import 'whatever';\nconst pattern = /whatever it is/;", []],
    ['x.ts', '// waits so\n// many seconds, or "whatever" or `whoever`', ['1 so many']],
    ['x.md', 'Waits so\nmany seconds.\n\n```sh\necho whatever\n```\n[it](whatever)', ['1 so many']],
    ['x.md', 'Says so.\n\nMany wait.', []],
    ['x.yaml', 'whatever: 1 # whatever', ['1 whatever']],
    ['Dockerfile', '# so\n# many\nRUN whatever', ['1 so many']],
    ['x.lua', 'local whatever = 1 -- whatever', ['1 whatever']],
    ['x.eta', '<p class="whatever"><% whatever %> or whatever else</p>', ['1 whatever']],
    ['x.css', '.whatever {} /* whatever */', ['1 whatever']],
    ['x.prisma', 'model whatever {} // whatever', ['1 whatever']],
    ['x.json', '"whatever"', []],
  ])('of %s: %j has %j', (path, text, hits) => {
    expect(found(path, text)).toEqual(hits);
  });
});

describe('npm run lint:words', () => {
  it('names the file, the line and what to write instead, and fails', () => {
    const directory = mkdtempSync(join(tmpdir(), 'words-'));
    const lint = () =>
      spawnSync('npm', ['run', '--silent', 'lint:words', '--', directory], { cwd: root, encoding: 'utf8' });
    writeFileSync(join(directory, 'page.md'), 'Plain.\n\nOpen to whoever asks.\n');
    expect(lint()).toMatchObject({
      status: 1,
      stderr: 'page.md:3: "whoever" (whoever). Write: the caller that, anyone who\n',
    });
    writeFileSync(join(directory, 'page.md'), 'Plain.\n');
    expect(lint()).toMatchObject({ status: 0, stderr: '' });
    rmSync(directory, { recursive: true });
  });
});

// cspell:ignore recieved
const misspelt = {
  'page.md': '# Plain\n\nIt is recieved.\n',
  'comment.ts': "const a = 'plain';\n// Plain.\n// It is recieved.\n",
  'message.ts': "// Plain.\n\nthrow new Error('It was not recieved: try again');\n",
  'title.spec.ts': "// Plain.\n\nit('is recieved', run);\n",
  'name.ts': '// Plain.\n\nconst hasRecieved = true;\n',
  'page.eta': '<% // Plain. %>\n\n<p>It is recieved.</p>\n',
  'values.yaml': '# Plain.\n\na: 1 # recieved\n',
};

describe('npm run lint:spelling', () => {
  it('names the file and the line of a misspelling, and fails', () => {
    const directory = mkdtempSync(join(tmpdir(), 'spelling-'));
    for (const [name, text] of Object.entries(misspelt)) writeFileSync(join(directory, name), text);
    const options = [
      '--config',
      join(root, 'cspell.config.yaml'),
      '--root',
      directory,
      '--no-progress',
      '--no-summary',
    ];
    const { status, stdout } = spawnSync('npx', ['cspell', 'lint', ...options], {
      cwd: root,
      encoding: 'utf8',
    });
    const places = stdout.matchAll(/^(\S+:\d+):\d+ - Unknown word \((?:recieved|Recieved)\)/gm);
    expect([...places].map(([, place]) => place).toSorted()).toEqual(
      Object.keys(misspelt)
        .map((name) => `${name}:3`)
        .toSorted(),
    );
    expect(status).toBe(1);
    rmSync(directory, { recursive: true });
  });

  it('is part of the lint', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest;
    expect(scripts.lint.split(' ')).toContain('lint:spelling');
    expect(scripts['lint:spelling']).toMatch(/^cspell lint /);
  });
});

interface Manifest {
  readonly scripts: { readonly lint: string; readonly 'lint:spelling': string };
}

describe('the dictionary', () => {
  const words = readFileSync(join(root, 'scripts/words/dictionary.txt'), 'utf8').trimEnd().split('\n');

  it('is sorted and has one word a line, each once', () => {
    expect(words).toEqual([...new Set(words)].toSorted());
    expect(words.filter((word) => !/^[a-z]+$/.test(word))).toEqual([]);
  });

  it('has no word that is not used any more', () => {
    const paths = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' }).trimEnd().split('\n');
    const others = paths.filter((path) => !path.endsWith('dictionary.txt'));
    const used = new Set(others.flatMap((path) => [...wordsOf(readFileSync(join(root, path), 'utf8'))]));
    expect(words.filter((word) => !used.has(word))).toEqual([]);
  });
});

/** Splits words as cspell does: `timeZoneID` is three. */
function wordsOf(text: string): Set<string> {
  const split = text.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
  return new Set(split.toLowerCase().match(/[a-z]+/g));
}

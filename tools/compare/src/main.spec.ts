import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { sampleReport, withCell } from '../../../test/support/sample-report.js';
import { runTypeScript, startTypeScript } from '../../../test/support/typescript-process.js';
import { readReport } from './read-report.js';

const main = join(import.meta.dirname, 'main.ts');

describe('npm run compare', () => {
  const directory = mkdtempSync(join(tmpdir(), 'compare-'));
  const write = (name: string, content: unknown) => {
    writeFileSync(join(directory, name), JSON.stringify(content));
    return join(directory, name);
  };
  const run = (...args: string[]) => runTypeScript(main, args, {}, directory);
  const place = { section: 'set-up', row: 'steps', mode: 'api-key' } as const;
  const a = write('a.json', sampleReport());
  const b = write('b.json', withCell(sampleReport(), place, { value: 3, text: '3' }));

  it('prints what changed between two reports', async () => {
    expect(await run('--diff', a, b)).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('Changed beyond the noise (1):\n  set-up, steps, api-key: 2 → 3\n'),
    });
    expect(await run('--diff', a)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('--diff needs two reports: --diff A.json B.json.'),
    });
    expect(await run(a)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is not understood') });
  });

  it.each([
    ['an unknown mode', ['--only', 'jwt/remote'], 2, /--only must be some of 'jwt\/local', .*-- --help/],
    [
      'a FusionAuth that cannot be reached',
      ['--against', 'http://127.0.0.1:9'],
      4,
      /FusionAuth at http:\/\/127\.0\.0\.1:9 does not answer .*: is it running, and is the address right\?/,
    ],
    [
      'an output that cannot be written',
      ['--out', '/dev/null/report'],
      2,
      /--out: \/dev\/null\/report cannot be written \(ENOTDIR\)\. Name a directory that you may write to\./,
    ],
  ])('ends with one sentence on %s, and leaves nothing behind', async (_, args, exitCode, sentence) => {
    const empty = mkdtempSync(join(tmpdir(), 'compare-'));
    const environment = { DATA_DIR: join(empty, 'data'), FUSIONAUTH_BOOTSTRAP_KEY: 'a-key' };
    const ended = await runTypeScript(main, ['--out', join(empty, 'out'), ...args], environment, empty);
    expect(ended).toMatchObject({ exitCode, stdout: '', stderr: expect.stringMatching(sentence) });
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(readdirSync(empty)).toEqual([]);
  });

  it('chooses by the newest report, and says how to make one', async () => {
    const answers = write('answers.json', { end: 'seconds' });
    const own = join(directory, 'own');
    mkdirSync(own);
    const without = await run('--choose', answers, '--out', own);
    expect([without.exitCode, without.stderr]).toEqual([
      2,
      expect.stringContaining('Make one: npm run compare'),
    ]);
    write('own/comparison.json', sampleReport());
    const { exitCode, stdout, stderr } = await run('--choose', answers, '--out', own);
    expect([exitCode, stdout.split('\n')[0], stderr]).toEqual([0, 'jwt/local+push, 2 points', '']);
  });

  it('stores once what it has when a signal stops it, and calls the rest interrupted', async () => {
    const out = join(directory, 'stopped');
    const args = ['--only', 'api-key', '--sections', 'tenants,lag', '--out', out];
    const child = startTypeScript(main, args, {}, [], process.cwd());
    const stdout = text(child.stdout!);
    const notes = createInterface(child.stderr!);
    for await (const note of notes) if (note.includes('Delete the key')) break;
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
    expect((await stdout).match(/Not complete, after/g)).toHaveLength(1);
    const { made } = readReport(join(out, 'comparison.json'));
    expect(made).toMatchObject({ complete: false, missing: ['lag: interrupted', 'tenants: not begun'] });
  });

  it('serves the published report until it is stopped, where this machine has none', async () => {
    mkdirSync(join(directory, 'docs'));
    write('docs/comparison.json', sampleReport());
    const temporary = mkdtempSync(join(tmpdir(), 'compare-'));
    const child = startTypeScript(main, ['--serve'], { TMPDIR: temporary }, [], directory);
    let said = '';
    child.stderr!.on('data', (part: Buffer) => (said += part.toString()));
    const [line] = (await once(createInterface(child.stdout!), 'line')) as [string];
    const [, url = ''] = /^The comparison +(\S+)$/.exec(line) ?? [];
    expect(await (await fetch(`${url}choose`)).text()).toContain('<h1>Which one fits me?</h1>');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([143, null]);
    expect(readdirSync(temporary).filter((name) => name.startsWith('comparison-'))).toEqual([]);
    expect(said).toBe(
      'There is no report in .data/comparison, so these are the figures of the repository, measured on another machine. For yours: npm run compare\n',
    );
  });
});

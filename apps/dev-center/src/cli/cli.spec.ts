import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { checkArguments, Secret } from '#gatehouse/platform';
import type { Caller } from '../local-rpc/run-command.js';
import { commandHelp, commandLine, parseCommandLine, usageOf } from './arguments.js';
import { credentialFaces } from './faces.js';
import { runCli, withFile } from './run-cli.js';
import { secretOutput } from './secret-output.js';

const directory = mkdtempSync(join(tmpdir(), 'gatehouse-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));

const parse = (...typed: string[]) => parseCommandLine('credentials', credentialFaces, typed);
const refusal = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return { code: (error as { exitCode?: number }).exitCode, message: (error as Error).message };
  }
};

describe('the command line', () => {
  it('is parsed into the arguments of the command', () => {
    expect(parse('rotate', '01a2', '--overlap', '1h', '--out', 'f', '--json')).toMatchObject({
      name: 'rotate',
      args: { id: '01a2', overlap: '1h' },
      out: 'f',
      json: true,
    });
  });

  it.each([
    [[], 'A command is required: list, issue, rotate, revoke, end-sessions, review, doctor.'],
    // cspell:ignore isue
    [['isue'], "There is no command 'isue'"],
    [['list', '--clint', 'x'], "Unknown option '--clint'"],
    [['list', '--out', 'file'], "Unknown option '--out'"],
    [['issue', 'gatehouse_secret'], "'gatehouse_secret' is not an argument of this command"],
  ])('%j is refused with exit 2 and says where help is', (typed, message) => {
    expect(refusal(() => parse(...typed))).toEqual({
      code: 2,
      message: expect.stringMatching(new RegExp(`${message.replace('.', '\\.')}.*--help`)) as string,
    });
  });

  it('has help that names every command and option', () => {
    const help = usageOf('credentials', credentialFaces).join('\n');
    for (const [name, { command, positional }] of Object.entries(credentialFaces)) {
      const options = Object.keys(command.args).filter((arg) => arg !== positional);
      const typed = options.map((arg) => `--${arg.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`);
      for (const word of [name, ...typed]) expect(help).toContain(word);
    }
  });

  it('has help for a single command, with --out and --json', () => {
    const help = (...typed: string[]) => commandHelp('credentials', credentialFaces, typed);
    const [issue = '', rotate = ''] = [help('issue', '--help'), help('rotate', '--client', 'x', '--help')];
    for (const text of [issue, rotate]) expect(text.split('\n')[0]).toMatch(/\[--out FILE\]$/);
    expect(issue).toMatch(
      /--roles[^]*--out[^]*--json[^]*Settings and exit codes: npm run credentials -- --help/,
    );
    expect(issue).not.toContain('rotate');
    expect(help('list', '--help')).not.toContain('--out');
    expect([help('--help'), help('isue', '--help'), help('issue')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it.each([
    ['issue', {}, '--client is required: name of the client (example: calendar-syncer)'],
    [
      'issue',
      { client: 'x' },
      '--strategy is required: how it authenticates: jwt, client-credentials, api-key, email-token',
    ],
    ['issue', { client: 'x', strategy: 'y' }, '--strategy must be one of jwt, client-credentials, api-key'],
    ['issue', { client: 'x', strategy: 'jwt', roles: 'portal-admin' }, '--roles must be some of todo-reader'],
    ['issue', { client: 'x', strategy: 'jwt', roles: '' }, '--roles must'],
    [
      'issue',
      { client: 'x', strategy: 'jwt', owner: 'ada' },
      '--owner must be the e-mail or the id of a person',
    ],
    ['rotate', { id: 'x', overlap: '1' }, 'ID must be the id of a credential'],
    ['revoke', { id: '01a' }, 'or at least four characters of its beginning'],
    ['rotate', { client: 'x', overlap: 'soon' }, '--overlap must be a number followed by s, m, h or d'],
    ['rotate', { client: 'x', expires: '100000d' }, '--expires must be a number followed by s, m, h or d'],
  ])('%s %j is refused in plain words', (name, args, message) => {
    const { code, message: said } = refusal(() =>
      checkArguments(commandLine('credentials', credentialFaces[name]!), args),
    ) as {
      code: number;
      message: string;
    };
    expect([code, said]).toEqual([2, expect.stringContaining(message)]);
    expect(said).not.toMatch(/invalid input|undefined|expected/i);
  });

  it('refuses a file that is too long for a credential, and says what it must contain', () => {
    const doctor = commandLine('credentials', credentialFaces['doctor']!);
    expect(checkArguments(doctor, { file: 'x'.repeat(16_384) })).toHaveProperty('file');
    expect(refusal(() => checkArguments(doctor, { file: 'x'.repeat(16_385) }))).toEqual({
      code: 2,
      message: expect.stringContaining(
        '--file is longer than any credential (16384 characters): the file must contain one credential and nothing else',
      ) as string,
    });
  });

  it('says what is missing before it asks for a place for the secret', async () => {
    const streams = { stdout: { isTTY: false, write: () => true }, stderr: { write: () => true } };
    // Refused before anything is reached.
    const nothing = {} as Caller;
    const typed = (...words: string[]) => runCli('credentials', credentialFaces, words, nothing, streams);
    await expect(typed('issue')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^--client/) as string,
    });
    await expect(typed('issue', '--client', 'x', '--strategy', 'jwt')).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--out FILE') as string,
    });
  });

  it('accepts an id in upper case', () => {
    const id = '01A2B3C4-0000-7000-8000-00000000000F';
    expect(checkArguments(commandLine('credentials', credentialFaces['revoke']!), { id })).toMatchObject({
      id: id.toLowerCase(),
    });
  });

  it('contains no secret: a credential is read from a file', async () => {
    const file = join(directory, 'credential');
    writeFileSync(file, 'the credential');
    const doctor = credentialFaces['doctor']!;
    expect(await withFile(doctor, { file })).toEqual({ file: 'the credential' });
    await expect(withFile(doctor, { file: `${file}s` })).rejects.toMatchObject({ exitCode: 2 });
  });
});

describe('a secret', () => {
  const handOver = {
    settings: { CREDENTIAL_SOURCE: 'email-token', LOGIN_EMAIL: 'a@clients.invalid' },
    secret: { name: 'AUTHENTICATION_TOKEN', value: new Secret('the-secret') },
  };
  const screen = (isTTY: boolean) => {
    const shown: string[] = [];
    return { shown, isTTY, write: (text: string) => shown.push(text) };
  };

  it('goes to a terminal', async () => {
    const terminal = screen(true);
    await secretOutput({ out: undefined, json: false, screen: terminal })(handOver);
    expect(terminal.shown.join('')).toContain('AUTHENTICATION_TOKEN=the-secret\n');
  });

  it('is written only to the named file, in a directory that only its owner can read', async () => {
    const [terminal, out] = [screen(true), join(directory, 'below', 'token')];
    await secretOutput({ out, json: false, screen: terminal })(handOver);
    expect(readFileSync(out, 'utf8')).toBe('the-secret\n');
    expect([dirname(out), out].map((path) => statSync(path).mode & 0o777)).toEqual([0o700, 0o600]);
    expect(terminal.shown).toEqual([
      `CREDENTIAL_SOURCE=email-token\nLOGIN_EMAIL=a@clients.invalid\nAUTHENTICATION_TOKEN_FILE=${out}\n`,
    ]);
  });

  it('is printed so that a shell reads every setting back unchanged', async () => {
    const terminal = screen(true);
    const settings = { LOGIN_EMAIL: "o'brien; $(id)@clients.invalid" };
    await secretOutput({ out: undefined, json: false, screen: terminal })({ ...handOver, settings });
    const script = `${terminal.shown.join('')}printf %s "$LOGIN_EMAIL"`;
    expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(settings.LOGIN_EMAIL);
  });

  it('leaves no partial file if the disk is full', async () => {
    const out = join(directory, 'full');
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const value = Object.assign(new Secret('the-secret'), {
      reveal: () => {
        throw full;
      },
    });
    const place = secretOutput({ out, json: false, screen: screen(true) });
    await expect(place({ ...handOver, secret: { ...handOver.secret, value } })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/ENOSPC.*Nothing was issued/) as string,
    });
    expect(existsSync(out)).toBe(false);
  });

  it('is not issued if its file cannot be created', () => {
    writeFileSync(join(directory, 'no-directory'), '');
    symlinkSync('/nowhere', join(directory, 'dangling'));
    const refused = (name: string) =>
      refusal(() => secretOutput({ out: join(directory, name), json: false, screen: screen(true) }));
    expect(refused('no-directory/below/f')).toEqual({
      code: 2,
      message: expect.stringMatching(/ENOTDIR.*Nothing was issued/) as string,
    });
    expect(refused('dangling')).toEqual({
      code: 2,
      message: expect.stringContaining('exists and is not overwritten') as string,
    });
  });

  it.each([
    ['a pipe', { out: undefined, json: false }, false],
    ['JSON', { out: undefined, json: true }, true],
  ])('does not go into %s', (_what, where, isTTY) => {
    expect(refusal(() => secretOutput({ ...where, screen: screen(isTTY) }))).toMatchObject({ code: 2 });
  });

  it('does not overwrite a file, even one that was created in the meantime', async () => {
    const out = join(directory, 'taken');
    const place = secretOutput({ out, json: false, screen: screen(true) });
    writeFileSync(out, 'somebody’s');
    await expect(place(handOver)).rejects.toMatchObject({ exitCode: 2 });
    expect(refusal(() => secretOutput({ out, json: false, screen: screen(true) }))).toMatchObject({
      code: 2,
    });
    expect(readFileSync(out, 'utf8')).toBe('somebody’s');
  });
});

import { z } from 'zod';
import {
  checkArguments,
  chooseCommand,
  flagOption,
  misused,
  option,
  optionLines,
  readArguments,
  splitArguments,
  toolHelp,
} from './command-line.js';
import { commaList, integer } from './setting-kinds.js';

const line = {
  command: 'npm run paint',
  options: {
    colour: option(z.enum(['red', 'blue'], 'must be red or blue'), { value: 'COLOUR', about: 'of the wall' }),
    coats: option(integer(1, 9).default(2), { value: 'N', about: 'how often' }),
    rooms: option(commaList(z.string()).optional(), { value: 'LIST', about: 'where' }),
    skip: option(z.array(z.string().max(5, 'is too long')).default([]), {
      value: 'ROOM',
      about: 'not there',
      repeated: true,
    }),
    dryRun: flagOption('paints nothing'),
  },
};
const read = (...args: string[]) => readArguments(line, args);
const red = ['--colour', 'red'];
const withPlace = { ...line, positionals: ['colour'] };

const refusal = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return { code: (error as { exitCode?: number }).exitCode, message: (error as Error).message };
  }
};
const help = 'Try: npm run paint -- --help';

describe('a command line', () => {
  it('is read into the types of its options, with their defaults', () => {
    expect(read(...red)).toEqual({ colour: 'red', coats: 2, skip: [], dryRun: false });
    expect(
      read(...red, '--coats=3', '--rooms', 'hall, attic', '--skip', 'a', '--skip', 'b', '--dry-run'),
    ).toEqual({ colour: 'red', coats: 3, rooms: ['hall', 'attic'], skip: ['a', 'b'], dryRun: true });
  });

  it('takes an option by its place where it has one', () => {
    expect(readArguments(withPlace, ['--coats', '1', 'blue'])).toMatchObject({ colour: 'blue', coats: 1 });
  });

  it.each([
    // cspell:ignore colr isue
    [['--colr', 'red'], "Unknown option '--colr'."],
    [['--dryRun'], "Unknown option '--dryRun'."],
    [[...red, 'attic'], "'attic' is not an argument of this command."],
    [['--colour'], "Option '--colour <value>' argument missing."],
    [[...red, '--dry-run=1'], "Option '--dry-run' does not take an argument."],
    [[], '--colour is required: of the wall.'],
    [['--colour', 'green'], '--colour must be red or blue.'],
    [[...red, '--coats', 'x'], '--coats must be a whole number.'],
    [[...red, '--skip', 'too long', '--skip', 'much too long'], '--skip is too long.'],
    [['--coats', 'x'], '--colour is required: of the wall\n--coats must be a whole number.'],
  ])('%j is refused with exit 2, what is wrong, and where help is', (args, message) => {
    expect(refusal(() => read(...args))).toEqual({ code: 2, message: `${message} ${help}` });
  });

  it.each([
    [[], 'COLOUR is required: of the wall.'],
    [['green'], 'COLOUR must be red or blue.'],
    [['red', 'blue'], "'blue' is not an argument of this command."],
    [['--colour', 'red'], "Unknown option '--colour'."],
  ])('%j is refused where the option has a place', (args, message) => {
    expect(refusal(() => readArguments(withPlace, args))).toEqual({ code: 2, message: `${message} ${help}` });
  });

  it('can be checked elsewhere than it was typed', () => {
    const typed = JSON.parse(JSON.stringify(splitArguments(line, [...red, '--coats', '4']))) as object;
    expect(typed).toEqual({ colour: 'red', coats: '4' });
    expect(checkArguments(line, { ...typed })).toMatchObject({ colour: 'red', coats: 4 });
  });
});

describe('commands of one program', () => {
  const commands = { list: 1, issue: 2 };
  const choose = (...args: string[]) => chooseCommand('npm run paint', commands, args);

  it('are chosen by the first argument', () => {
    expect(choose('issue', '--to', 'x')).toEqual({ name: 'issue', chosen: 2, rest: ['--to', 'x'] });
  });

  it.each([
    [[], 'A command is required: list, issue.'],
    [['isue'], "There is no command 'isue'. The commands are list, issue."],
    [['toString'], "There is no command 'toString'. The commands are list, issue."],
  ])('are named where %j names none', (args, message) => {
    expect(refusal(() => choose(...args))).toEqual({ code: 2, message: `${message} ${help}` });
  });
});

describe('--help', () => {
  it('shows every option with its value, what it does and its default', () => {
    expect(optionLines(withPlace)).toEqual([
      '  COLOUR        of the wall',
      '  --coats N     how often (default 2)',
      '  --rooms LIST  where',
      '  --skip ROOM   not there (default none)',
      '  --dry-run     paints nothing',
    ]);
  });

  it('breaks a long line between words and keeps its column', () => {
    const [first = '', second = '', ...more] = optionLines({
      options: { x: flagOption('word '.repeat(30).trim()) },
    });
    expect(more).toEqual([]);
    expect(first).toMatch(/^ {2}--x {2}word.*word$/);
    expect(second).toMatch(/^ {7}word.*word$/);
    expect(first.length).toBeLessThanOrEqual(110);
  });

  it('says first what the tool does, and last what its exit codes mean', () => {
    const tool = { ...line, name: 'paint', about: 'paints a room', notes: 'Exit codes: 0 done.' };
    expect(
      toolHelp({ ...tool, options: { dryRun: flagOption('paints nothing') }, run: () => Promise.resolve(0) }),
    ).toBe(
      'paint: paints a room\n\nOptions:\n  --dry-run  paints nothing\n  --help     this text\n\nExit codes: 0 done.\n',
    );
  });
});

it('a command called wrongly exits 2 and says where help is', () => {
  expect(misused('npm run paint', 'No wall.')).toMatchObject({ exitCode: 2, message: `No wall. ${help}` });
});

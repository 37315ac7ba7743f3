import { join } from 'node:path';
import { parseArguments } from './arguments.js';

const refusal = (...args: string[]) => {
  try {
    return parseArguments(args);
  } catch (error) {
    return { code: (error as { exitCode?: number }).exitCode, message: (error as Error).message };
  }
};

describe('the command line of npm start', () => {
  it('runs until it is stopped when nothing is given', () => {
    expect(parseArguments([])).toEqual({
      help: false,
      checkConfig: false,
      once: false,
      open: false,
      json: undefined,
    });
  });

  it('accepts one round and the file for its result', () => {
    expect(parseArguments(['--once', '--json', 'out.json'])).toMatchObject({ once: true, json: 'out.json' });
  });

  it('refuses what it does not know with exit 2 and says where help is', () => {
    // cspell:ignore onec
    expect(refusal('--onec')).toEqual({
      code: 2,
      message: "Unknown option '--onec'. Try: npm start -- --help",
    });
    expect(refusal('once')).toMatchObject({ code: 2, message: expect.stringContaining("'once'") as string });
  });

  it('opens a browser on request, but not for an unattended round', () => {
    expect(parseArguments(['--open'])).toMatchObject({ open: true });
    expect(refusal('--once', '--open')).toMatchObject({
      code: 2,
      message: expect.stringContaining('--open') as string,
    });
  });

  it('refuses --json without --once or without a file', () => {
    expect(refusal('--json', 'out.json')).toMatchObject({ code: 2 });
    expect(refusal('--once', '--json')).toMatchObject({ code: 2 });
    for (const file of ['', import.meta.dirname, join(import.meta.filename, 'out.json')]) {
      expect(refusal('--once', '--json', file)).toMatchObject({
        code: 2,
        message: expect.stringContaining('--json must be a file in an existing directory') as string,
      });
    }
  });
});

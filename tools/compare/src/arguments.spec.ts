import { readArguments } from '#gatehouse/platform';
import { options } from './arguments.js';

const read = (...args: string[]) => readArguments({ command: 'npm run compare', options }, args);

describe('the command line of the comparison', () => {
  it('selects modes and sections', () => {
    expect(read('--only', 'jwt/local (passport-jwt), api-key', '--sections', 'cost,lag')).toMatchObject({
      only: ['jwt/local (passport-jwt)', 'api-key'],
      sections: ['cost', 'lag'],
      full: false,
    });
  });

  it.each([
    [
      ['--only', 'jwt'],
      /--only must be some of 'jwt\/local', .*'email-token'\. Try: npm run compare -- --help/,
    ],
    [['--only', ''], /--only must name a mode/],
    [['--sections', ''], /--sections must name a section/],
    [['--json', '/nonexistent/report.json'], /--json must be a file in an existing directory/],
    [['--sections', 'costs'], /--sections must be some of cost, calls/],
    [['--out', ''], /--out needs a directory/],
  ])('names the valid values in place of %j', (args, message) => {
    expect(() => read(...args)).toThrow(message);
  });
});

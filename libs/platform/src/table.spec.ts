import { table } from './table.js';

describe('the table', () => {
  it('aligns texts left and numbers right', () => {
    const lines = table([
      ['mode', 'mails'],
      ['jwt/local', 3],
      ['api-key', 12],
    ]).split('\n');
    expect(lines).toEqual(['mode       mails', '─────────  ─────', 'jwt/local      3', 'api-key       12']);
  });

  it('aligns a column left if any of it is text, and ends no line with spaces', () => {
    const lines = table([
      ['', 'mails', 'note'],
      ['a', 3, ''],
      ['b', 'none', 'late'],
    ]).split('\n');
    expect(lines).toEqual(['   mails  note', '─  ─────  ────', 'a  3', 'b  none   late']);
  });
});

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
});

import { environmentNames, substitute, substituteAll } from './substitute.js';

const variables = { tenant: 't-1', url: '/api/tenant/t-1' };
const environment = { PASSWORD: 'pa$$&word' };

describe('kickstart placeholders', () => {
  it('stand for variables and for the environment, several times in one text', () => {
    expect(substitute('#{tenant}/#{tenant}:#{ENV.PASSWORD}', variables, environment)).toBe(
      't-1/t-1:pa$$&word',
    );
  });

  it('make a new UUID each time', () => {
    const [first, second] = substitute('#{UUID()} #{UUID()}', variables, environment).split(' ');
    expect(first).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(second).not.toBe(first);
  });

  it('are not filled after a backslash, which is removed', () => {
    for (const mark of ['#', '@', '&']) {
      expect(substitute(`\\${mark}{tenant}`, variables, environment)).toBe(`${mark}{tenant}`);
      expect(substitute(`\\\\${mark}{tenant}`, variables, environment)).toBe(`\\${mark}{tenant}`);
    }
  });

  it('have names with dots and brackets', () => {
    const values = { 'user.name': 'ada', 'FUSIONAUTH_FORM[adminUser]_ID': 'f-1' };
    expect(substitute('#{user.name} #{FUSIONAUTH_FORM[adminUser]_ID}', values, {})).toBe('ada f-1');
  });

  it('throw an error that names what is not defined', () => {
    expect(() => substitute('#{tennant}', variables, environment)).toThrow('#{tennant} is not defined');
    expect(() => substitute('#{ENV.MISSING}', variables, environment)).toThrow(
      '#{ENV.MISSING} is not defined',
    );
    expect(() => substitute('#{constructor}', variables, environment)).toThrow(
      '#{constructor} is not defined',
    );
  });

  it('are replaced in names and values at any depth, and nothing else changes', () => {
    const value = { a: ['#{tenant}', 1, null, { '#{tenant}': true }], b: '#{ENV.PASSWORD}' };
    expect(substituteAll(value, variables, environment)).toEqual({
      a: ['t-1', 1, null, { 't-1': true }],
      b: 'pa$$&word',
    });
  });

  it('include a file only as a whole value, not as a part of one', () => {
    const included = (name: string) => `text of ${name} for #{tenant}, and #{$colour}`;
    const value = { a: '@{mail.txt}', b: 'as @{mail.txt}', c: '\\@{mail.txt}' };
    expect(substituteAll(value, variables, environment, included)).toEqual({
      a: 'text of mail.txt for t-1, and #{$colour}',
      b: 'as @{mail.txt}',
      c: '@{mail.txt}',
    });
  });

  it('tell which environment variables a file needs', () => {
    expect(
      environmentNames(
        '{"a":"#{ENV.ONE}","b":"#{ENV.TWO} #{ENV.ONE}","c":"#{tenant}","d":"\\\\#{ENV.THREE}"}',
      ),
    ).toEqual(['ONE', 'TWO']);
  });
});

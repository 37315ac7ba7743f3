import { readRoleRules, ruleFor } from './role-rules.js';
import { roleRulesSetting } from './role-rules.setting.js';

describe('the text of role rules', () => {
  it('separates rules by line breaks or semicolons, in any white space', () => {
    expect(readRoleRules('\n  GET /todos/Done/ a,b ;; * / *\n')).toEqual([
      { method: 'GET', host: undefined, prefix: ['todos', 'done'], roles: ['a', 'b'] },
      { method: '*', host: undefined, prefix: [], roles: undefined },
    ]);
    expect(readRoleRules(' ')).toEqual([]);
  });

  it('names hosts in any case', () => {
    expect(readRoleRules('GET Orders.Example.com/ a')).toMatchObject([{ host: 'orders.example.com' }]);
  });

  it.each([
    ['GET todos a', 'must read: METHOD /prefix role,role'],
    ['get /todos a', 'must read: METHOD /prefix role,role'],
    ['GET /todos a, b', 'must read: METHOD /prefix role,role'],
    ['GET orders.example.com:80/ a', 'must name its host without a port'],
    ['GET orders.example.com./ a', 'must name its host without a port and without a dot at the end'],
    ['GET // a', 'has an empty or a dot segment'],
    ['GET /todos//x a', 'has an empty or a dot segment'],
    ['GET // a', 'has an empty or a dot segment'],
    ['GET /todos/./x a', 'has an empty or a dot segment'],
    ['GET /todos/../x a', 'has an empty or a dot segment'],
  ])('is refused where it has the rule %j', (line, problem) => {
    expect(() => readRoleRules(`DELETE /other a; ${line}`)).toThrow(`"${line}" ${problem}`);
  });

  it.each([
    ['* /Todos a', 'GET /todos/x b'],
    ['GET /todos a', 'HEAD /todos b'],
    ['GET / *', 'GET /x a'],
    ['* /todos a', 'GET orders.example.com/todos/x b'],
    ['GET orders.example.com/ a', 'GET Orders.example.com/x b'],
  ])('is refused where %j covers the later %j', (earlier, later) => {
    expect(() => readRoleRules(`PUT /x a; ${earlier}; ${later}`)).toThrow(
      `"${later}" is never used: "${earlier}" comes first and covers it`,
    );
  });

  it.each([
    'GET /todos a; DELETE /todos b',
    'GET /todos/x a; GET /todos b',
    'HEAD /todos a; GET /todos b',
    'POST /todos a; HEAD /todos b',
    'GET a.example.com/ a; GET b.example.com/ b',
    'GET a.example.com/ a; GET /x b',
  ])('may have several rules if none covers a later one: %s', (text) => {
    expect(readRoleRules(text)).toHaveLength(2);
  });

  it('is refused as a setting with the sentence that says what is wrong', () => {
    const { success, error } = roleRulesSetting.safeParse('GET todos a');
    expect([success, error?.issues.map(({ message }) => message)]).toEqual([
      false,
      [expect.stringMatching(/^"GET todos a" must read/)],
    ]);
  });
});

describe('the rule for a request', () => {
  const indexOf = (text: string, method: string, url: string, host?: string) => {
    const rules = readRoleRules(text);
    const rule = ruleFor(rules, { method, path: url.slice(1).split('/'), host });
    return rule && rules.indexOf(rule);
  };

  it.each([
    ['GET', '/todos', 0],
    ['HEAD', '/Todos/1', 0],
    ['DELETE', '/todos/1', 1],
    ['HEAD', '/admin', 2],
    ['GET', '/', undefined],
    ['GET', '/todo', undefined],
    ['GET', '/x/todos', undefined],
  ])('%s %s is the first that covers it: %s', (method, url, expected) => {
    expect(indexOf('GET /todos a; * /todos b; * /admin c', method, url)).toBe(expected);
  });

  it.each([
    ['a.example.com', '/', 0],
    ['a.example.com', '/shared', 0],
    ['b.example.com', '/shared', 1],
    ['b.example.com', '/', 2],
    ['c.example.com', '/shared', undefined],
  ])('at %s%s, where rules name hosts, is %s', (host, url, expected) => {
    const text = 'GET a.example.com/ a; * /shared b; * b.example.com/ c';
    expect(indexOf(text, 'GET', url, host)).toBe(expected);
  });
});

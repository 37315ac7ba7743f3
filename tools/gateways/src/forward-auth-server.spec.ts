import { samplePolicy } from '../../../test/gateways/sample-policy.js';
import { forwardAuthServer } from './forward-auth-server.js';

describe('the settings of forward-auth servers for two services', () => {
  const rulesOf = (roleRules: string) =>
    forwardAuthServer
      .files({ ...samplePolicy, roleRules })
      .map(({ text }) => /^ROLE_RULES="\n([^"]*)\n"$/m.exec(text)?.[1]?.split('\n'));

  const ofSecond = ['* Second.example.com/orders clerk', 'GET second.example.com/ *'];
  const others = ['GET /todos todo-reader', '* first.example.com/ portal-admin'];

  it('have the rules that name the host of the second service, and all others for the API', () => {
    expect(rulesOf([...ofSecond, ...others].join('\n'))).toEqual([others, ofSecond]);
    expect(rulesOf(others.join('\n'))).toEqual([others, undefined]);
  });

  it('close the API instead of leaving it without rules if all of them are for the second service', () => {
    expect(rulesOf(ofSecond.join('\n'))).toEqual([ofSecond, ofSecond]);
  });

  it('are those of one server with all rules if the services share it', () => {
    const { forwardAuth, audiences } = samplePolicy;
    const secondApi = { ...samplePolicy.secondApi!, forwardAuth, audiences };
    const roleRules = [...ofSecond, ...others].join('\n');
    const policy = { ...samplePolicy, secondApi, roleRules };
    expect(forwardAuthServer.cannot?.(policy)).toBeUndefined();
    const files = forwardAuthServer.files(policy);
    expect(files.map(({ path, text }) => [path, text.includes(roleRules)])).toEqual([['api.env', true]]);
  });

  it('cannot be those of a shared server if the audiences of the services differ', () => {
    const secondApi = { ...samplePolicy.secondApi!, forwardAuth: samplePolicy.forwardAuth };
    expect(forwardAuthServer.cannot?.({ ...samplePolicy, secondApi })).toMatch(
      /give --second-forward-auth other/,
    );
    expect(forwardAuthServer.cannot?.(samplePolicy)).toBeUndefined();
  });

  it('contain all rules if there is one service', () => {
    const files = forwardAuthServer.files({
      ...samplePolicy,
      secondApi: undefined,
      roleRules: ofSecond.join('\n'),
    });
    expect(files).toHaveLength(1);
    expect(files[0]?.text).toContain(ofSecond.join('\n'));
  });
});

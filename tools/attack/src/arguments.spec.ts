import { readArguments } from '#gatehouse/platform';
import { commandLine, targetOf } from './arguments.js';
import { developmentTarget } from './target.js';

const url = ['--url', 'http://127.0.0.1:3000'];

const parse = (args: readonly string[]) => readArguments(commandLine, args);

describe('the command line of attack', () => {
  it('needs only a URL, and fits the development defaults of the Todo API', () => {
    const args = parse(url);
    expect(targetOf(args)).toEqual({ ...developmentTarget, issuer: undefined });
    expect(args).toMatchObject({
      url: 'http://127.0.0.1:3000',
      path: '/me',
      rolePath: undefined,
      issuerPort: 9012,
      mode: 'local',
      only: undefined,
      mutations: 500,
    });
  });

  it('accepts ids in upper case', () => {
    const capitals = developmentTarget.applicationId.toUpperCase();
    const args = parse([...url, '--application', capitals, '--tenant', 'Tenant-A']);
    expect(targetOf(args)).toMatchObject({
      applicationId: developmentTarget.applicationId,
      tenantId: 'Tenant-A',
    });
  });

  it('accepts the settings of another API', () => {
    const args = parse([
      ...url,
      ...['--issuer', 'acme.com', '--application', 'api', '--entity', 'none', '--roles', 'a,b'],
      ...['--clock-skew', '60', '--only', 'times', '--only', 'mutations', '--seed', '7'],
    ]);
    expect(targetOf(args)).toMatchObject({
      issuer: 'acme.com',
      applicationId: 'api',
      entityId: undefined,
      roles: ['a', 'b'],
      clockSkewSeconds: 60,
    });
    expect([args.only, args.seed]).toEqual([['times', 'mutations'], 7]);
  });

  it.each([
    [[], '--url'],
    [['--url', 'nonsense'], '--url'],
    [['--url', 'localhost:3000'], '--url must be an http or https URL'],
    [[...url, '--path', 'me'], '--path must begin with a slash'],
    [[...url, '--role-path', 'todos'], '--role-path must begin with a slash'],
    [[...url, '--algorithms', 'rs256'], '--algorithms must be some of RS256'],
    [[...url, '--json', '/nonexistent/result.json'], '--json must be a file in an existing directory'],
    [[...url, '--only', 'nothing'], '--only must be one of'],
    [[...url, '--mode', 'remote'], '--mode'],
    [[...url, '--mutations', 'many'], '--mutations'],
    [[...url, '--issuer-port', '65536'], '--issuer-port'],
    [[...url, '--unknown'], 'Unknown option'],
  ])('refuses %j with exit code 2 and says why', (args, why) => {
    expect(() => parse(args)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(why) }),
    );
  });
});

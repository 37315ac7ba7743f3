import { parseArguments } from './arguments.js';
import { developmentTarget } from './target.js';

const url = ['--url', 'http://127.0.0.1:3000'];

describe('the command line of attack', () => {
  it('needs nothing but a URL, and fits the development defaults of the Todo API', () => {
    expect(parseArguments(url)).toMatchObject({
      url: 'http://127.0.0.1:3000',
      path: '/me',
      rolePath: undefined,
      issuerPort: 9012,
      target: { ...developmentTarget, issuer: undefined },
      mode: 'local',
      only: [],
      mutations: 500,
    });
  });

  it('takes ids in capitals for what they are', () => {
    const capitals = developmentTarget.applicationId.toUpperCase();
    const { target } = parseArguments([...url, '--application', capitals, '--tenant', 'Tenant-A']);
    expect(target).toMatchObject({ applicationId: developmentTarget.applicationId, tenantId: 'Tenant-A' });
  });

  it('takes the facts of another API', () => {
    const { target, only, seed } = parseArguments([
      ...url,
      ...['--issuer', 'acme.com', '--application', 'api', '--entity', 'none', '--roles', 'a,b'],
      ...['--clock-skew', '60', '--only', 'times', '--only', 'mutations', '--seed', '7'],
    ]);
    expect(target).toMatchObject({
      issuer: 'acme.com',
      applicationId: 'api',
      entityId: undefined,
      roles: ['a', 'b'],
      clockSkewSeconds: 60,
    });
    expect([only, seed]).toEqual([['times', 'mutations'], 7]);
  });

  it.each([
    [[], '--url'],
    [['--url', 'nonsense'], '--url'],
    [[...url, '--only', 'nothing'], 'no such group'],
    [[...url, '--mode', 'remote'], '--mode'],
    [[...url, '--mutations', 'many'], '--mutations'],
    [[...url, '--issuer-port', '65536'], '--issuer-port'],
    [[...url, '--unknown'], 'Unknown option'],
  ])('refuses %j with exit code 2 and says why', (args, why) => {
    expect(() => parseArguments(args)).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining(why) }),
    );
  });
});

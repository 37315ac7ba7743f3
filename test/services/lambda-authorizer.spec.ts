import { attack } from '../../tools/attack/src/attack.js';
import { hostileKinds } from '../../tools/attack/src/corpus/corpus.js';
import { legalKinds } from '../../tools/attack/src/corpus/groups/legal.js';
import type { HostileKind } from '../../tools/attack/src/corpus/kind.js';
import { createMint } from '../../tools/attack/src/corpus/mint.js';
import { type Issuer, startIssuer } from '../../tools/attack/src/issuer/start-issuer.js';
import { sender } from '../../tools/attack/src/request.js';
import { developmentTarget } from '../../tools/attack/src/target.js';
import { guardEnvironment } from '../hostile/guard-config.js';
import { describeWhere } from '../support/describe-where.js';
import { temporaryDirectory } from '../support/embedded-database.js';
import { type Gateway, installInto, startGateway } from './lambda-authorizer/serverless-offline.js';
import { registryRefusal } from './registry.js';

const rules = ['http', 'request', 'token'].flatMap((api) => [
  `* /${api}/me *`,
  `* /${api}/todos todo-reader`,
]);

describeWhere(registryRefusal())('the Lambda authorizer on serverless-offline', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let issuer: Issuer;
  let gateway: Gateway;

  const environment = () => ({
    ...guardEnvironment(issuer, 'local'),
    FUSIONAUTH_ISSUER: issuer.target.issuer,
    AUTHORIZER_CACHE: 'off',
    ROLE_RULES: rules.join('; '),
    LOG_LEVEL: 'warn',
  });
  const good = () => createMint(issuer.target, issuer).token({ sub: 'ada' });
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${gateway.url}${path}`, { headers });

  beforeAll(async () => {
    directory = await temporaryDirectory();
    installInto(directory.path);
    issuer = await startIssuer({ port: 0, target: developmentTarget });
    gateway = await startGateway(directory.path, environment());
  }, 300_000);
  afterAll(async () => {
    await gateway.close();
    await issuer.close();
    await directory.remove();
  });

  it.each(['http', 'request', 'token'])(
    'lets no hostile kind reach the API by its way "%s", and every legal one',
    async (way) => {
      const hostile = hostileKinds.filter(
        (kind) => kind.noticedBy.includes('local') && isShownWhole(kind, way, issuer),
      );
      const results = await attack({
        issuer,
        send: sender(gateway.url),
        paths: { any: `/${way}/me`, role: `/${way}/todos` },
        hostile,
        legal: legalKinds.filter(({ acceptedBy }) => acceptedBy.includes('local')),
      });
      const astray = [...results.hostile, ...results.legal]
        .filter(({ outcome, kind }) => outcome !== ('group' in kind ? 'refused' : 'accepted'))
        .map(({ kind, outcome, answer }) => [kind.name, outcome, answer?.status]);
      expect(astray).toEqual([]);
      expect(results.hostile.length).toBeGreaterThan(200);
    },
    300_000,
  );

  it('tells the API who calls: below "lambda" of an HTTP API, directly of a REST API', async () => {
    const authorization = `Bearer ${good()}`;
    const ada = { subject: 'ada', via: 'jwt', client: '' };
    expect(await (await get('/http/me', { authorization })).json()).toMatchObject({ lambda: ada });
    for (const way of ['request', 'token']) {
      expect(await (await get(`/${way}/me`, { authorization })).json()).toMatchObject({
        ...ada,
        principalId: 'ada',
      });
    }
  });

  it('refuses with 403 by an HTTP API and a REQUEST authorizer, with 401 by a TOKEN authorizer', async () => {
    const authorization = 'Bearer nonsense';
    const statuses = ['http', 'request', 'token'].map(
      async (way) => (await get(`/${way}/me`, { authorization })).status,
    );
    expect(await Promise.all(statuses)).toEqual([403, 403, 401]);
  });

  it('answers 401 where Amazon answers 500, because it treats every exception as a refusal', async () => {
    const other = await startGateway(directory.path, {
      ...environment(),
      FUSIONAUTH_URL: 'http://127.0.0.1:9',
    });
    const headers = { authorization: `Bearer ${good()}` };
    const { status } = await fetch(`${other.url}/http/me`, { headers }).finally(() => other.close());
    expect(status).toBe(401);
    expect(other.output()).toContain('The credential could not be checked (unavailable)');
  }, 120_000);
});

/**
 * Returns whether serverless-offline shows the authorizer the whole request. For repeated headers it shows only the
 * last one, except to a REST API's REQUEST authorizer; to a TOKEN authorizer it shows only Authorization.
 */
function isShownWhole(kind: HostileKind, way: string, issuer: Issuer): boolean {
  const { headers, query } = kind.make(createMint(issuer.target, issuer));
  const names = headers.map(([name]) => name.toLowerCase());
  const onlyOne = new Set(names).size === names.length;
  if (way === 'request') return true;
  return way === 'http' ? onlyOne : onlyOne && names.length <= 1 && query === undefined;
}

import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Environment, parseConfig } from '#gatehouse/platform';
import { provisionFaces } from '../../../apps/dev-center/src/cli/provision-faces.js';
import { commands } from '../../../apps/dev-center/src/commands/index.js';
import { devCenterSchema } from '../../../apps/dev-center/src/config.js';
import { createFusionAuthContext } from '../../../apps/dev-center/src/context.js';
import type { Provisioned } from '../../../apps/dev-center/src/provision/provision.js';
import { type Sandbox, startSandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import { call, startedSandbox, tenantId } from '../sandbox/started-sandbox.js';

const webhookKeyId = '9b1d6c3e-2f47-4a80-b5e9-7c0d3f6a1e28';
const kickstart = JSON.parse(readFileSync('deploy/kickstart/kickstart.json', 'utf8')) as {
  variables: Record<string, string>;
  apiKeys: { key: string; permissions?: { endpoints: Record<string, string[]> } }[];
  requests: object[];
};

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A FusionAuth as an administrator leaves it after the first log-in: a tenant, and two keys that only a page can make. */
async function bareFusionAuth(change: (keys: typeof kickstart.apiKeys) => void = () => undefined) {
  const directory = await temporaryDirectory();
  const { variables, apiKeys } = structuredClone(kickstart);
  const keys = apiKeys.slice(0, 2);
  change(keys);
  const kickstartFile = join(directory.path, 'kickstart.json');
  writeFileSync(kickstartFile, JSON.stringify({ variables, apiKeys: keys, requests: [] }));
  return open({ dataDir: directory.path, kickstartFile });
}

async function open(options: Parameters<typeof startedSandbox>[0] = {}): Promise<Sandbox> {
  const { sandbox, stop } = await startedSandbox(options);
  stops.push(stop);
  return sandbox;
}

const bootstrapId = (sandbox: Sandbox) =>
  Object.entries(sandbox.apiKeyIds()).find(([description]) => description.startsWith('Applies'))?.[1];

function environmentOf(sandbox: Sandbox): Environment {
  const { FUSIONAUTH_BOOTSTRAP_KEY, FUSIONAUTH_MANAGER_KEY } = sandbox.secrets;
  return {
    FUSIONAUTH_URL: sandbox.url,
    FUSIONAUTH_BOOTSTRAP_KEY,
    FUSIONAUTH_MANAGER_KEY,
    FUSIONAUTH_API_KEY: 'the-todo-apis-own-key-0123456789',
  };
}

async function provision(environment: Environment, args: object = {}): Promise<Provisioned> {
  const context = createFusionAuthContext(parseConfig(devCenterSchema, environment), { log: silentLog });
  const io = { actor: 'test', report: () => undefined, deliver: () => Promise.resolve() };
  const result = await commands.provision.execute(args, context, io);
  await context.close();
  return result;
}

const { show, exitCode } = provisionFaces['provision']!;

const partsOf = ({ changes }: Provisioned) => changes.map(({ part }) => part);

describe('provision', () => {
  it('finds nothing to change where the kickstart file was loaded', async () => {
    const sandbox = await open();
    const { FUSIONAUTH_API_KEY } = sandbox.secrets;
    expect(await provision({ ...environmentOf(sandbox), FUSIONAUTH_API_KEY })).toMatchObject({
      dryRun: false,
      changes: [],
      notes: [],
      ok: true,
    });
  });

  it('brings a bare FusionAuth to the same state, shows the difference first, and then finds nothing to change', async () => {
    const sandbox = await bareFusionAuth();
    // Then FusionAuth asks for the tenant in some calls that do without it elsewhere: 400 [TenantIdRequired].
    await call(
      sandbox,
      'POST',
      `/api/tenant/${randomUUID()}`,
      { tenant: { name: 'Another' } },
      {
        'x-fusionauth-tenantid': tenantId,
      },
    );
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_BOOTSTRAP_KEY_ID: bootstrapId(sandbox) };
    const shown = await provision(environment, { dryRun: true });
    expect(partsOf(shown)).toEqual([
      ...['lock after failed log-ins', 'signing key', 'key of webhooks', 'lambda for time zones', 'tenant'],
      ...['application', 'probe group', 'entity type', 'entity of the Todo API', 'events'],
      ...['FUSIONAUTH_API_KEY', 'FUSIONAUTH_BOOTSTRAP_KEY'],
    ]);
    expect(shown.changes.every(({ done }) => !done)).toBe(true);
    expect(await provision(environment, { dryRun: true })).toEqual(shown);
    expect([exitCode?.(shown), show(shown).split('\n')]).toEqual([
      1,
      expect.arrayContaining([
        '- signing key: is missing',
        'Nothing was changed. Next: run it without --dry-run.',
      ]),
    ]);

    const made = await provision(environment);
    expect(partsOf(made)).toEqual(partsOf(shown));
    expect([exitCode?.(made), show(made).split('\n')]).toEqual([
      0,
      expect.arrayContaining([
        '✓ signing key: created',
        expect.stringMatching(/^WEBHOOK_KEY_ID=[\w-]{20,}$/),
        expect.stringMatching(/^✓ tenant: .*changed issuer from "acme\.com" to /),
        expect.stringMatching(/^Next: start the Todo API/),
      ]),
    ]);
    // One line for each part.
    expect(
      show(made)
        .split('\n')
        .filter((line) => line.startsWith('✓')),
    ).toHaveLength(made.changes.length);
    // The key that may do everything is gone, and the output says to unset it.
    expect(bootstrapId(sandbox)).toBeUndefined();
    const again = await provision(environment);
    expect([again.changes, again.ok]).toEqual([[], true]);
    expect(again.notes.join('\n')).toMatch(/FUSIONAUTH_BOOTSTRAP_KEY no longer exists in FusionAuth/);
    expect(again.notes.join('\n')).toMatch(
      /not checked, because the key of one tenant may not read it: .*signing key, key of webhooks/,
    );
    expect([again.settings, again.transactions['user.delete']]).toEqual([{}, 'None']);
  });

  it('hands on the kid of the key of webhooks, and says how each event is sent and what that means', async () => {
    const sandbox = await open();
    const { settings, transactions } = await provision(environmentOf(sandbox));
    const { body } = await call(sandbox, 'GET', `/api/key/${webhookKeyId}`);
    expect(settings).toEqual({ WEBHOOK_KEY_ID: (body as { key: { kid: string } }).key.kid });
    expect([new Set(Object.values(transactions)), Object.keys(transactions)]).toEqual([
      new Set(['None']),
      expect.arrayContaining(['jwt.refresh-token.revoke', 'user.deactivate', 'user.delete']),
    ]);
  });

  it('enables events, and leaves their transaction types to the operator', async () => {
    const sandbox = await open();
    const chosen = { enabled: false, transactionType: 'AbsoluteMajority' };
    await call(sandbox, 'PATCH', `/api/tenant/${tenantId}`, {
      tenant: {
        eventConfiguration: { events: { 'user.delete': chosen, 'user.action': { enabled: false } } },
      },
    });
    const result = await provision({ ...environmentOf(sandbox), FUSIONAUTH_API_KEY: undefined });
    expect(result.changes).toEqual([
      { part: 'events', text: 'switched on for the tenant: user.action, user.delete', done: true },
    ]);
    expect(result.transactions).toMatchObject({
      'user.delete': 'AbsoluteMajority',
      'user.deactivate': 'None',
    });
    const line = show(result)
      .split('\n')
      .find((one) => one.startsWith('Events: '));
    expect(line).toMatch(
      /AbsoluteMajority \(.*refuses.*deletions included\): user\.delete; None \(sent once and lost on failure.*\): .*user\.deactivate.*; user\.action goes by each action's own/,
    );
  });

  it('lets the key of webhooks sign no token of the application', async () => {
    const sandbox = await open();
    const { applicationId, signingKeyId } = kickstart.variables;
    await call(sandbox, 'PATCH', `/api/application/${applicationId}`, {
      application: { jwtConfiguration: { idTokenKeyId: webhookKeyId } },
    });
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_API_KEY: undefined };
    expect((await provision(environment)).changes).toEqual([
      {
        part: 'application',
        done: true,
        text: `changed jwtConfiguration.idTokenKeyId from "${webhookKeyId}" to "${signingKeyId}" (the key of webhooks must sign no token, or a signed event could pass for one)`,
      },
    ]);
  });

  it('says who can take the key of webhooks from the tokens of entities, which no program can', async () => {
    const sandbox = await bareFusionAuth();
    const jwtConfiguration = { enabled: true, accessTokenKeyId: webhookKeyId, timeToLiveInSeconds: 3600 };
    await call(sandbox, 'POST', `/api/key/generate/${webhookKeyId}`, {
      key: { algorithm: 'ES256', name: 'Gatehouse webhooks' },
    });
    await call(sandbox, 'POST', `/api/entity/type/${kickstart.variables['entityTypeId']}`, {
      entityType: { name: 'Todo API', jwtConfiguration },
    });
    const { ok, notes } = await provision(environmentOf(sandbox));
    expect([ok, notes]).toEqual([
      false,
      [expect.stringMatching(/^entity type .*must sign no token.*set it in Entities, Entity Types$/)],
    ]);
  });

  it('resumes after an interruption at any call, whether or not the call took effect', async () => {
    const sandbox = await bareFusionAuth();
    const WEBHOOK_URL = 'http://127.0.0.1:9/webhooks/fusionauth';
    const environment = { ...environmentOf(sandbox), WEBHOOK_URL };
    const calls = [
      ...['POST /api/user-action', 'POST /api/key/generate', 'POST /api/lambda', 'PATCH /api/tenant'],
      ...['POST /api/application', 'POST /api/group', 'POST /api/entity/type', 'POST /api/entity'],
      ...['POST /api/webhook', 'POST /api/api-key'],
    ];
    for (const [turn, operation] of calls.entries()) {
      sandbox.faults.set(operation, { answer: turn % 2 ? 'reset' : 'lost' });
      await expect(provision(environment)).rejects.toMatchObject({ exitCode: 4 });
      sandbox.faults.clear();
    }
    expect((await provision(environment)).changes.length).toBeLessThanOrEqual(1);
    expect((await provision(environment)).changes).toEqual([]);
  });

  it('corrects what has drifted, and leaves everything else alone', async () => {
    const sandbox = await open();
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_API_KEY: undefined };
    const path = `/api/application/${kickstart.variables['applicationId'] ?? ''}`;
    const { body } = await call(sandbox, 'GET', path);
    const { application } = body as {
      application: { roles: { name: string }[]; oauthConfiguration: object };
    };
    const drifted = {
      roles: [...application.roles.filter(({ name }) => name !== 'todo-auditor'), { name: 'gardener' }],
      oauthConfiguration: {
        ...application.oauthConfiguration,
        authorizedRedirectURLs: ['https://elsewhere.example/callback'],
        proofKeyForCodeExchangePolicy: 'NotRequired',
      },
    };
    const merge = { 'content-type': 'application/merge-patch+json' };
    await call(sandbox, 'PATCH', path, { application: drifted }, merge);
    const { changes } = await provision(environment);
    expect(changes.map(({ text }) => text)).toEqual([
      'added http://127.0.0.1:3001/callback to oauthConfiguration.authorizedRedirectURLs; ' +
        'changed oauthConfiguration.proofKeyForCodeExchangePolicy from "NotRequired" to "Required"',
      'added the role todo-auditor',
    ]);
    expect((await provision(environment)).changes).toEqual([]);
    const after = JSON.stringify((await call(sandbox, 'GET', path)).body);
    for (const kept of ['https://elsewhere.example/callback', 'gardener']) expect(after).toContain(kept);
  });

  it('tells what the plan lacks by name, and does the rest', async () => {
    const sandbox = await bareFusionAuth();
    sandbox.settings.licensed = false;
    const { ok, notes, changes } = await provision(environmentOf(sandbox));
    expect([ok, notes]).toEqual([
      true,
      [expect.stringMatching(/not_licensed.*entity type, entity of the Todo API/)],
    ]);
    expect(changes.map(({ part }) => part)).toContain('probe group');
  });

  it('names the permission that its key lacks, and keeps the bootstrap key until the manager key can take over', async () => {
    const weak = await bareFusionAuth(([, manager]) => delete manager?.permissions?.endpoints['/api/user']);
    const environment = { ...environmentOf(weak), FUSIONAUTH_BOOTSTRAP_KEY_ID: bootstrapId(weak) };
    const { ok, notes } = await provision(environment);
    expect([ok, notes]).toEqual([
      false,
      [
        expect.stringMatching(
          /^FUSIONAUTH_MANAGER_KEY lacks GET \/api\/user, .*add it in Settings, API Keys$/,
        ),
        expect.stringContaining('FUSIONAUTH_BOOTSTRAP_KEY stays while anything is left'),
      ],
    ]);
    expect(bootstrapId(weak)).toBeDefined();
  });

  it('removes no key but the one that may do everything, and not while something is left', async () => {
    const sandbox = await bareFusionAuth();
    const ids = sandbox.apiKeyIds();
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_BOOTSTRAP_KEY_ID: bootstrapId(sandbox) };
    sandbox.settings.licensed = false;
    expect((await provision(environment)).notes).toContainEqual(
      expect.stringContaining('FUSIONAUTH_BOOTSTRAP_KEY stays while anything is left'),
    );
    sandbox.settings.licensed = true;
    const manager = Object.entries(ids).find(([description]) => description.startsWith('Dev Center'))?.[1];
    // It may do everything in one tenant, and FusionAuth does not show its text, so that alone tells it.
    const ofTheTenant = randomUUID();
    const { status } = await call(sandbox, 'POST', `/api/api-key/${ofTheTenant}`, {
      apiKey: { name: 'of the tenant', tenantId, retrievable: false, permissions: { endpoints: {} } },
    });
    expect(status).toBe(200);
    for (const FUSIONAUTH_BOOTSTRAP_KEY_ID of [manager, ofTheTenant, randomUUID()]) {
      expect(await provision({ ...environment, FUSIONAUTH_BOOTSTRAP_KEY_ID })).toMatchObject({
        ok: false,
        notes: [expect.stringContaining('FUSIONAUTH_BOOTSTRAP_KEY_ID is not its id')],
      });
    }
    expect(sandbox.apiKeyIds()).toMatchObject(ids);
  });

  it('is content with a key of the Todo API that may not read the log of events', async () => {
    const sandbox = await open();
    const key = 'a-narrower-key-of-the-todo-api-0123456789';
    const { endpoints } = kickstart.apiKeys[2]!.permissions!;
    const { ['/api/system/webhook-event-log/search']: log, ...rest } = endpoints;
    expect(log).toEqual(['GET']);
    const apiKey = { key, tenantId, permissions: { endpoints: rest } };
    expect((await call(sandbox, 'POST', `/api/api-key/${randomUUID()}`, { apiKey })).status).toBe(200);
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_API_KEY: key };
    expect(await provision(environment)).toMatchObject({ changes: [], notes: [], ok: true });
  });

  it('can be run again while FusionAuth’s cache knows nothing of the key that it made', async () => {
    const sandbox = await bareFusionAuth();
    sandbox.settings.keyCacheDelaySeconds = 60;
    expect(partsOf(await provision(environmentOf(sandbox)))).toContain('FUSIONAUTH_API_KEY');
    expect(await provision(environmentOf(sandbox))).toMatchObject({ changes: [], ok: true });
  });

  it('names the permission when there is no other key', async () => {
    const sandbox = await bareFusionAuth();
    const { FUSIONAUTH_MANAGER_KEY } = sandbox.secrets;
    const managerAlone = provision({ FUSIONAUTH_URL: sandbox.url, FUSIONAUTH_MANAGER_KEY });
    await expect(managerAlone).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('does not let FUSIONAUTH_MANAGER_KEY do PATCH /api/tenant') as string,
    });
  });

  it('says that no key is known, and changes nothing', async () => {
    const sandbox = await open();
    const FUSIONAUTH_BOOTSTRAP_KEY = 'k'.repeat(30);
    await expect(provision({ FUSIONAUTH_URL: sandbox.url, FUSIONAUTH_BOOTSTRAP_KEY })).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('does not let FUSIONAUTH_BOOTSTRAP_KEY do GET /api/tenant') as string,
    });
  });

  it('says which tenant is missing, and changes nothing', async () => {
    const directory = await temporaryDirectory();
    const sandbox = await startSandbox({
      port: 0,
      host: '127.0.0.1',
      dataDir: directory.path,
      log: silentLog,
    });
    sandbox.requests.clear();
    const FUSIONAUTH_TENANT_ID = randomUUID();
    await expect(provision({ ...environmentOf(sandbox), FUSIONAUTH_TENANT_ID })).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining(`no tenant ${FUSIONAUTH_TENANT_ID}`) as string,
    });
    expect(Object.keys(sandbox.requests.counts())).toEqual(['GET /api/tenant']);
    await sandbox.close();
    await directory.remove();
  });
});

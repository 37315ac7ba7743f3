import { randomUUID } from 'node:crypto';
import { startSandbox } from '../../../../tools/sandbox/src/start-sandbox.js';
import { silentLog, temporaryDirectory } from '../../../support/embedded-database.js';
import { call, configureTenant, tenantId } from '../../sandbox/started-sandbox.js';
import {
  bareFusionAuth,
  bootstrapId,
  environmentOf,
  exitCode,
  kickstart,
  open,
  partsOf,
  provision,
  show,
} from './provision-ground.js';

describe('provision', () => {
  it('finds nothing to change if the kickstart file was loaded', async () => {
    const sandbox = await open();
    const { FUSIONAUTH_API_KEY } = sandbox.secrets;
    expect(await provision({ ...environmentOf(sandbox), FUSIONAUTH_API_KEY })).toMatchObject({
      dryRun: false,
      changes: [],
      notes: [],
      ok: true,
    });
  });

  it('configures a bare FusionAuth, shows the differences first, and then finds nothing to change', async () => {
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

  it('corrects what has drifted, and leaves everything else unchanged', async () => {
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

  it('says what was done before a failure', async () => {
    const sandbox = await bareFusionAuth();
    sandbox.faults.set('POST /api/application', { status: 503 });
    await expect(provision(environmentOf(sandbox))).rejects.toMatchObject({
      message: expect.stringMatching(
        /Done before that: lock after failed log-ins: created; .*tenant: changed .*The next run continues/,
      ) as string,
    });
  });

  it('leaves an issuer unchanged that is not FusionAuth’s default, unless FUSIONAUTH_ISSUER names another', async () => {
    const sandbox = await open();
    const environment = { ...environmentOf(sandbox), FUSIONAUTH_API_KEY: undefined };
    await configureTenant(sandbox, { issuer: 'issuer.of.the.house' });
    expect((await provision(environment)).changes).toEqual([]);
    const { changes } = await provision({ ...environment, FUSIONAUTH_ISSUER: 'todos.example.com' });
    expect(changes.map(({ text }) => text)).toEqual([
      'changed issuer from "issuer.of.the.house" to "todos.example.com"',
    ]);
  });

  it('leaves a client secret unchanged that differs from FUSIONAUTH_CLIENT_SECRET, which programs already use', async () => {
    const sandbox = await open();
    const FUSIONAUTH_CLIENT_SECRET = 'another-client-secret-0123456789';
    const environment = {
      ...environmentOf(sandbox),
      FUSIONAUTH_API_KEY: undefined,
      FUSIONAUTH_CLIENT_SECRET,
    };
    expect((await provision(environment)).changes).toEqual([]);
  });

  it('ends at an answer that it does not expect, with the operation', async () => {
    const sandbox = await open();
    sandbox.faults.set('GET /api/entity/type', { status: 400 });
    await expect(provision(environmentOf(sandbox))).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('GET /api/entity/type') as string,
    });
  });

  it('names what this FusionAuth’s plan lacks, and does the rest', async () => {
    const sandbox = await bareFusionAuth();
    sandbox.settings.licensed = false;
    const { ok, notes, changes } = await provision(environmentOf(sandbox));
    expect([ok, notes]).toEqual([
      true,
      [expect.stringMatching(/not_licensed.*entity type, entity of the Todo API/)],
    ]);
    expect(changes.map(({ part }) => part)).toContain('probe group');
  });

  it('names the missing tenant, and changes nothing', async () => {
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
    // FusionAuth may also refuse the header with the unknown id.
    sandbox.faults.set('GET /api/tenant', { status: 400 });
    await expect(provision(environmentOf(sandbox))).rejects.toMatchObject({ exitCode: 78 });
    await sandbox.close();
    await directory.remove();
  });
});

import { databaseTemplate } from '../../../test/support/embedded-database.js';
import { neededPermissions } from './against/preflight.js';
import { compare, type Comparison } from './compare.js';
import { countCalls } from './dev-center/call-counter.js';
import { type Action, actions } from './experiments/lag/actions.js';
import { type Mode, modes } from './modes.js';
import { type Cell, reportSchema, type SectionId } from './report.js';
import { Admin } from './world/admin.js';
import { apisHere } from './world/apis.js';
import { type FusionAuthAt, Ground, sandbox } from './world/ground.js';
import { issue } from './world/issue.js';
import { removeAll } from './world/objects.js';
import type { World } from './world/world.js';

describe('a comparison of two modes on the sandbox', () => {
  let comparison: Comparison;
  afterEach(() => comparison.close());

  /** The cells of a section, by mode and row. */
  async function cellsByMode(section: SectionId, only: readonly string[]) {
    comparison = compare({
      only,
      sections: [section],
      full: false,
      command: 'npm run compare',
      note: () => undefined,
      ground: new Ground({
        apis: () => Promise.resolve(apisHere()),
        fusionAuth: recordedSandbox,
        databaseTemplate: await databaseTemplate('todo'),
      }),
    });
    await comparison.done;
    const report = reportSchema.parse(comparison.report());
    expect(report.made).toMatchObject({ complete: true, missing: [] });
    const cells = Map.groupBy(report.sections[0]?.cells ?? [], ({ mode }) => mode);
    const byRow = (mode: string): Partial<Record<string, Cell>> =>
      Object.fromEntries((cells.get(mode) ?? []).map((cell) => [cell.row, cell]));
    return Object.fromEntries(only.map((mode) => [mode, byRow(mode)]));
  }

  const cellsOf = async (section: SectionId, mode: string, only: readonly string[]) =>
    (await cellsByMode(section, only))[mode] ?? {};

  it('measures how long a revoked key keeps working: no longer than the cache time; and says why other actions do not apply', async () => {
    const cells = await cellsOf('lag', 'api-key', ['api-key']);
    expect(cells['delete-key/0']?.value).toBeLessThan(0.5);
    expect(cells['delete-key/1']?.value).toBeGreaterThan(0.5);
    expect(cells['expire-key/1']?.value).toBeLessThan(2.5);
    expect(cells['delete-key/1']).toMatchObject({
      samples: 1,
      tooFewSamples: true,
      evidence: { kind: 'as-documented', section: '9', tag: 'D' },
    });
    expect(cells['lock-user/0']).toMatchObject({ why: 'an API key belongs to no user' });
    expect(cells['lock-user/0']).not.toHaveProperty('value');
  });

  it('sets clients up as the Dev Center does, and counts the steps and those of a person', async () => {
    const of = await cellsByMode('set-up', ['jwt/local+push', 'jwt/introspection', 'api-key', 'email-token']);
    const values = (row: string) => Object.values(of).map((cells) => cells[row]?.value);
    expect(values('human-steps')).toEqual([1, 1, 0, 0]);
    expect(values('steps')).toEqual([7, 7, 2, 1]);
    expect(values('api-secrets')).toEqual([0, 1, 1, 1]);
    expect(values('renews-unattended')).toEqual([true, true, false, false]);
    expect(values('plan')).toEqual(['Community', 'Community', 'Community', 'Community']);
    expect(Object.values(of).map(({ audited }) => audited?.text)).toEqual([
      'the log-in, not the requests: 1 login record for 4 requests',
      'the log-in, not the requests: 1 login record for 4 requests',
      'no: FusionAuth does not record its use',
      'yes, each check: 4 login records for 4 requests',
    ]);
    expect(of['api-key']?.['steps']?.how).toContain('POST /api/api-key/{id}, GET /api/group/{id}.');
    expect(of['email-token']?.['first-200']).toMatchObject({ samples: 3, tooFewSamples: true });
  });

  it('tries call by call what a leaked credential opens at FusionAuth, and at the API beyond its role', async () => {
    const of = await cellsByMode('blast-radius', [
      'jwt/local',
      'client-credentials',
      'api-key',
      'email-token',
    ]);
    const opened = Object.values(of).map(({ opened }) => opened?.text);
    expect(opened).toEqual([
      '4: validate, userinfo, further-tokens, end-own-session',
      '2: validate, further-tokens',
      '2: group, other-group',
      '0',
    ]);
    for (const cells of Object.values(of)) {
      expect(cells['user']).toMatchObject({ value: false, evidence: { kind: 'as-documented' } });
      const atApi = ['api-read', 'api-write', 'api-read-all'].map((row) => cells[row]?.text);
      expect(atApi).toEqual(['opened (200)', 'refused (403)', 'refused (403)']);
    }
    expect(of['api-key']?.['end-own-session']?.why).toBe('it has no session');
  });

  it('presents the credentials of one tenant to the API of another', async () => {
    const of = await cellsByMode('tenants', ['jwt/session', 'client-credentials', 'api-key', 'email-token']);
    const values = (row: string) => Object.values(of).map((cells) => cells[row]?.value ?? cells[row]?.why);
    expect(values('foreign-credential')).toEqual([true, true, true, true]);
    const nobody = 'it belongs to no user, so there is no e-mail';
    expect(values('same-email')).toEqual([true, nobody, nobody, true]);
  });

  it('has Calendar Syncer and Analytics call one Todo API, each with its own strategy and rights', async () => {
    const of = await cellsByMode('clients', ['jwt/local', 'jwt/local+push', 'email-token']);
    const ofClient = (mode: string, client: string) =>
      ['by', 'read', 'write', 'read-all', 'sees', 'calls'].map(
        (row) => of[mode]?.[`${client}/${row}`]?.value,
      );
    expect(ofClient('jwt/local', 'calendar-syncer')).toEqual(['JWT, local', true, true, false, 'Ada', 0]);
    expect(ofClient('jwt/local', 'analytics')).toEqual(['API key', true, false, true, 'Ada, Bruno', 3]);
    expect(ofClient('jwt/local+push', 'calendar-syncer').slice(1)).toEqual([true, true, false, 'Ada', 0]);
    const byPair = 'E-mail and authentication token';
    expect(ofClient('email-token', 'calendar-syncer')).toEqual([byPair, true, true, false, 'Ada', 1]);
    expect(ofClient('email-token', 'analytics')).toEqual(['JWT, local', true, false, true, 'Ada, Bruno', 0]);
  });

  it('moves clients between modes without a failed request, and knows when the old credential can be removed', async () => {
    const cells = await cellsOf('migration', 'jwt/local', ['jwt/local', 'api-key']);
    expect(cells['to/api-key']).toMatchObject({ value: 0, samples: 80 });
    expect(cells['to/jwt/local']).toMatchObject({ why: 'it is the same' });
    expect(cells['to/email-token']).toMatchObject({ why: 'this run leaves the other mode out' });
    expect(cells['old-can-go']?.value).toMatch(/its count in the metrics has stopped/);
  });

  it('uses the administrator’s key only with the permissions that --against checks first', async () => {
    const ground = new Ground({ apis: () => Promise.resolve(apisHere()), fusionAuth: recordedSandbox });
    const world = await ground.world();
    for (const mode of modes) {
      for (const action of actions.filter(({ without }) => without(mode) === undefined))
        await perform(world, mode, action);
    }
    await ground.close();
    expect(used.size).toBeGreaterThan(25);
    const needed: readonly string[] = neededPermissions(true);
    expect([...used].filter((permission) => !needed.includes(permission))).toEqual([]);
  });
});

async function perform(world: World, { kind }: Mode, action: Action): Promise<void> {
  const realm = action.alone ? await world.newRealm({ tokenSeconds: 60 }) : world.realm;
  await action.perform(world, await issue(world, kind, { realm }), realm);
}

/** The uses of the administrator’s key, in FusionAuth’s words: method and path without ids. */
const used = new Set<string>();

/** Starts the sandbox behind a proxy that records the uses of the administrator’s key until everything is removed. */
async function recordedSandbox(): Promise<FusionAuthAt> {
  const { admin, journal, version, close } = await sandbox();
  const counter = await countCalls(admin.url, ({ headers }) => headers.authorization === admin.key);
  const recorded = new Admin(counter.url, admin.key);
  return {
    admin: recorded,
    journal,
    version,
    async close() {
      await removeAll(recorded, journal);
      for (const { name } of counter.take()) used.add(permissionOf(name));
      await counter.close();
      await close();
    },
  };
}

/** Returns the permission of a call. Managing API keys is the right of a key manager, not a permission per call. */
function permissionOf(call: string): string {
  const permission = call.replaceAll('/{id}', '');
  return permission.endsWith(' /api/api-key') ? 'GET /api/api-key' : permission;
}

import { compare, type Comparison } from './compare.js';
import { reportSchema, type SectionId } from './report.js';
import { doorsHere } from './world/doors.js';
import { Ground, sandbox } from './world/ground.js';

describe('a comparison of two modes on the sandbox', () => {
  let comparison: Comparison;
  afterEach(() => comparison.close());

  /** The text or the reason of each cell of a section, by row, for a mode. */
  async function cellsOf(section: SectionId, mode: string, only: readonly string[]) {
    comparison = compare({
      only,
      sections: [section],
      full: false,
      command: 'npm run compare',
      note: () => undefined,
      ground: new Ground({ doors: () => Promise.resolve(doorsHere()), fusionAuth: sandbox }),
    });
    await comparison.done;
    const report = reportSchema.parse(comparison.report());
    expect(report.made).toMatchObject({ complete: true, missing: [] });
    const cells = report.sections[0]?.cells.filter((cell) => cell.mode === mode) ?? [];
    return Object.fromEntries(cells.map((cell) => [cell.row, cell]));
  }

  it('times how long a key works on that is taken back: no longer than it is trusted, and why nothing else applies', async () => {
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

  it('sets a mode up from nothing, and asks for a second credential without a person', async () => {
    const cells = await cellsOf('set-up', 'email-token', ['email-token']);
    expect(cells['steps']).toMatchObject({ value: 4 });
    expect(cells['human-steps']?.value).toBe(0);
    expect(cells['renews-unattended']?.value).toBe(false);
    expect(cells['first-200']?.value).toBeGreaterThan(0);
  });

  it('tells tenants apart, and clients by their roles', async () => {
    const apart = await cellsOf('tenants', 'jwt/local', ['jwt/local']);
    expect([apart['same-email']?.value, apart['foreign-credential']?.value]).toEqual([true, true]);
    await comparison.close();
    const rights = await cellsOf('clients', 'api-key', ['api-key']);
    expect(Object.values(rights).map(({ text }) => text)).toEqual([
      'yes (200)',
      'yes (201)',
      'no (403)',
      'yes (200)',
      'no (403)',
      'yes (200)',
    ]);
  });

  it('tries call by call what a leaked credential opens at FusionAuth', async () => {
    const cells = await cellsOf('blast-radius', 'api-key', ['api-key']);
    expect(cells['read-groups']).toMatchObject({ value: true, text: 'opened (200)' });
    expect(cells['read-users']?.value).toBe(false);
    expect(cells['opened']?.value).toBe(1);
    expect(cells['end-session']?.why).toBe('there is no session behind it');
  });

  it('moves clients from one mode to the other without a failed request, and knows when the old one can go', async () => {
    const cells = await cellsOf('migration', 'jwt/local', ['jwt/local', 'api-key']);
    expect(cells['to/api-key']).toMatchObject({ value: 0, samples: 80 });
    expect(cells['to/jwt/local']).toMatchObject({ why: 'it is the same' });
    expect(cells['to/email-token']).toMatchObject({ why: 'this run leaves the other mode out' });
    expect(cells['old-can-go']?.value).toMatch(/its count in the metrics stands still/);
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sampleReport, withCell, withoutCell } from '../../../../test/support/sample-report.js';
import { atExpiry } from '../cells.js';
import type { Report } from '../report.js';
import { claimsDocument } from './document.js';
import { claims, judgeClaims } from './ledger.js';

const accepted = JSON.parse(readFileSync(join(import.meta.dirname, 'accepted.json'), 'utf8')) as object;

const verdictsOf = (report: Report) =>
  Object.fromEntries(judgeClaims(report).map(({ claim, verdict }) => [claim.id, verdict]));

/** Returns the verdicts that another report changes, as [before, after] by claim. */
function changed(other: Report) {
  const [before, after] = [verdictsOf(sampleReport()), verdictsOf(other)];
  const ids = Object.keys(before).filter((id) => before[id] !== after[id]);
  return Object.fromEntries(ids.map((id) => [id, [before[id], after[id]]]));
}

describe('the claims of the guide', () => {
  it('have unique ids, and each has evidence that a reader can look at', () => {
    expect(new Set(claims.map(({ id }) => id)).size).toBe(claims.length);
    const bare = judgeClaims(sampleReport()).filter(
      ({ claim, cells }) => cells.length === 0 && !claim.facts && !claim.tests,
    );
    expect(bare).toEqual([]);
  });

  it('have the verdicts that were accepted: a changed one is written into accepted.json once it is understood', () => {
    expect(verdictsOf(sampleReport())).toEqual(accepted);
  });

  it('are never measured on the sandbox where they are about FusionAuth itself', () => {
    const ofFusionAuth = judgeClaims(sampleReport()).filter(({ claim }) => claim.about === 'fusionauth');
    expect(ofFusionAuth.length).toBeGreaterThan(20);
    expect(new Set(ofFusionAuth.map(({ standing }) => standing))).toEqual(new Set(['as documented']));
    expect(ofFusionAuth.filter(({ claim }) => !claim.facts)).toEqual([]);
  });

  it('are measured on a FusionAuth where the run used one', () => {
    const report = sampleReport();
    report.made.versions.fusionauth = '1.69.0';
    const lockable = judgeClaims(report).find(({ claim }) => claim.id === 'jwt/lockable-user');
    expect(lockable?.standing).toBe('measured on FusionAuth 1.69.0');
    expect(lockable?.cells.map(({ mode }) => mode)).toEqual([
      'jwt/local',
      'jwt/introspection',
      'jwt/session',
      'jwt/local+push',
    ]);
  });

  it('change their verdict with a cell that they rest on, and only then', () => {
    const cell = { section: 'lag', row: 'revoke-refresh-token/0', mode: 'jwt/introspection' } as const;
    expect(changed(withCell(sampleReport(), cell, { value: 0.2 }))).toEqual({
      'jwt/remote-check-sees-revocation': ['depends', 'true'],
    });
    const expired = { section: 'lag', row: 'expire-key/0', mode: 'api-key' } as const;
    expect(changed(withCell(sampleReport(), expired, { value: atExpiry }))).toEqual({
      'api-key/good-for-ever': ['outdated', 'true'],
      'api-key/no-automatic-expiry': ['outdated', 'true'],
    });
  });

  it('count a saving from a fifth on', () => {
    const cell = { section: 'cost', row: 'cpu-new', mode: 'jwt/local' } as const;
    // The cheapest remote mode takes 190 µs.
    expect(changed(withCell(sampleReport(), cell, { value: 151 }))).toEqual({});
    expect(changed(withCell(sampleReport(), cell, { value: 153 }))).toEqual({
      'jwt/fast-because-local': ['depends', 'false'],
    });
  });

  it('have no verdict where a cell is missing, and name it', () => {
    const report = withoutCell(sampleReport(), { section: 'blast-radius', row: 'opened', mode: 'api-key' });
    const open = judgeClaims(report).filter(({ verdict }) => verdict === undefined);
    expect(open.map(({ claim, standing }) => [claim.id, standing])).toEqual([
      ['api-key/narrow-key-is-harmless', 'not measured'],
    ]);
    expect(open[0]?.because).toBe(
      'Not decided by this report: blast-radius, opened, api-key: not in this report.',
    );
  });

  it('name decisions that exist and sentences that the tests say', () => {
    const root = join(import.meta.dirname, '..', '..', '..', '..');
    const decisions = claims.flatMap(({ decision }) => decision ?? []);
    expect(decisions.filter((name) => !existsSync(join(root, 'docs', 'decisions', `${name}.md`)))).toEqual(
      [],
    );
    const said = claims.flatMap(({ tests = [] }) => tests);
    const unsaid = said.flatMap(({ file, sentences }) => {
      const text = readFileSync(join(root, file), 'utf8');
      return sentences.filter((sentence) => !text.includes(sentence));
    });
    expect(unsaid).toEqual([]);
  });

  it('are a document with the evidence of each verdict', () => {
    const text = claimsDocument(sampleReport(), 'comparison.md');
    for (const { claim, verdict, standing } of judgeClaims(sampleReport())) {
      const [, part] = text.split(`\n### ${claim.id}\n`);
      expect(part?.split('\n### ')[0]).toContain(`**${verdict}** (${standing}).`);
    }
    expect(text).toContain('Node 24.21.0, the sandbox in place of FusionAuth; database: PGlite 0.5.16.');
    expect(text).toContain(
      '- Documented, as the sandbox reproduces it: Lock the user by an action, cache time 0 s, jwt/session: 0.06 s ([Lag](comparison.md#lag))',
    );
    // cspell:ignore jwttoken
    expect(text).toContain('| [jwt/token-endpoint-checks](#jwttoken-endpoint-checks) | false |');
    expect(text).not.toContain('undefined');
  });
});

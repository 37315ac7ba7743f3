import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { issuerNames, issuers } from '../../issuers/index.js';
import { comparisonRecord } from './record.js';
import { figuresOf, tradeOffs } from './trade-offs.js';

describe('what the portal says about a way to authenticate', () => {
  const directory = mkdtempSync(join(tmpdir(), 'record-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  const record = comparisonRecord(directory);

  it.each(issuerNames)('has figures for every mode: %s', (name) => {
    for (const { id } of issuers[name].measured.modes)
      expect(Object.values(figuresOf(record(), name, id)).join()).not.toContain('not measured');
  });

  it.each(issuerNames)('has three lines with figures: %s', (name) => {
    const lines = tradeOffs(record(), name);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/is called \d+ times .*; \d+ % of new/);
    expect(lines.join()).not.toContain('not measured');
  });

  it('names the calls to FusionAuth that a leaked credential permits as a person would', () => {
    expect(tradeOffs(record(), 'jwt')[2]).toMatch(
      /leaks: \d+ \(have FusionAuth confirm it .*; end its own session\)\.$/,
    );
    expect(tradeOffs(record(), 'api-key')[2]).toMatch(
      /leaks: \d+ \(read the empty group; read any other group\).$/,
    );
  });

  it('depends on JWT_VALIDATION of the Todo API', () => {
    expect(tradeOffs(record(), 'jwt', 'local')[0]).toContain('is called 0 times');
    expect(tradeOffs(record(), 'jwt', 'session')[0]).not.toContain('is called 0 times');
  });

  it('is read from this installation’s own record as soon as it exists', () => {
    const published = record()!.made.at;
    const own = { made: { at: 'own', machine: { cpu: 'c', cores: 1 } }, modes: [], sections: [] };
    writeFileSync(join(directory, 'comparison.json'), JSON.stringify(own));
    expect([published === 'own', record()!.made.at]).toEqual([false, 'own']);
    expect(tradeOffs(record(), 'jwt')[0]).toContain('not measured');
  });

  it('is read from the published record if the own one cannot be parsed', () => {
    writeFileSync(join(directory, 'comparison.json'), '{');
    expect(record()!.made.at).not.toBe('own');
  });
});

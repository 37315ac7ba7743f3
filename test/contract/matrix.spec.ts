import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strategyNames } from '#gatehouse/auth';
import { processEnvironment } from '#gatehouse/platform';
import { taggedSentences } from './checklist-ids.js';
import { renderMatrix, strayExceptions } from './matrix.js';
import { modeNames } from './mode.js';
import { allModes } from './modes.js';
import { sentences } from './sentences.js';

describe('the contract matrix', () => {
  it('is checked in as it is rendered', () => {
    const file = join(import.meta.dirname, 'matrix.md');
    if (processEnvironment()['UPDATE_MATRIX'] === '1') writeFileSync(file, renderMatrix());
    expect(readFileSync(file, 'utf8')).toBe(renderMatrix());
  });

  it('has a mode of every strategy', () => {
    const strategies = new Set(allModes.map(({ env }) => env['AUTH_STRATEGY']));
    expect(strategyNames.filter((name) => !strategies.has(name))).toEqual([]);
    expect(allModes.map(({ name }) => name).sort()).toEqual([...modeNames].sort());
  });

  it('has a test that runs the contract on every mode', () => {
    const specs = globSync(join(import.meta.dirname, '*.spec.ts')).map((file) => readFileSync(file, 'utf8'));
    const run = (name: string) => specs.some((text) => text.includes(`runContract('${name}')`));
    expect(modeNames.filter((name) => !run(name))).toEqual([]);
  });

  it('has no exception for a sentence that does not exist', () => {
    expect(strayExceptions).toEqual([]);
  });

  it('has no checklist ids for a sentence that does not exist', () => {
    const titles = sentences.map(({ title }) => title);
    expect(taggedSentences.filter((title) => !titles.includes(title))).toEqual([]);
  });
});

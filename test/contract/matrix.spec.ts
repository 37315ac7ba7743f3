import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processEnvironment } from '#gatehouse/platform';
import { taggedSentences } from './checklist-ids.js';
import { renderMatrix, strayExceptions } from './matrix.js';
import { sentences } from './sentences.js';

describe('the contract matrix', () => {
  it('is the one that is checked in', () => {
    const file = join(import.meta.dirname, 'matrix.md');
    if (processEnvironment()['UPDATE_MATRIX'] === '1') writeFileSync(file, renderMatrix());
    expect(readFileSync(file, 'utf8')).toBe(renderMatrix());
  });

  it('excuses no sentence that does not exist', () => {
    expect(strayExceptions).toEqual([]);
  });

  it('gives ids of the checklist to no sentence that does not exist', () => {
    const titles = sentences.map(({ title }) => title);
    expect(taggedSentences.filter((title) => !titles.includes(title))).toEqual([]);
  });
});

import { setTimeout as delay } from 'node:timers/promises';
import { Warnings } from './warnings.js';

describe('a warning', () => {
  const shown: string[] = [];
  const warnings = new Warnings((text) => shown.push(text), 20);
  beforeEach(() => (shown.length = 0));

  it('is shown at once when everything runs', () => {
    warnings.add('mail not sent');
    expect(shown).toEqual(['mail not sent']);
  });

  it('is not shown when its cause is gone by the time everything runs', async () => {
    await warnings.holdDuring(() => Promise.resolve(warnings.add('no keys yet')));
    await delay(30);
    expect(shown).toEqual([]);
    warnings.add('no keys any more');
    expect(shown).toEqual(['no keys any more']);
  });

  it('is shown during a start when its cause lasts', async () => {
    await warnings.holdDuring(async () => {
      warnings.add('no database yet');
      await delay(40);
      warnings.add('no database yet');
    });
    expect(shown).toEqual(['no database yet']);
  });

  it('is shown when the start fails', async () => {
    const failed = warnings.holdDuring(() => {
      warnings.add('directory is read-only');
      return Promise.reject(new Error('no'));
    });
    await expect(failed).rejects.toThrow('no');
    expect(shown).toEqual(['directory is read-only']);
  });
});

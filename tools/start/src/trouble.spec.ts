import { setTimeout as delay } from 'node:timers/promises';
import { Trouble } from './trouble.js';

describe('trouble', () => {
  const shown: string[] = [];
  const trouble = new Trouble((text) => shown.push(text), 20);
  beforeEach(() => (shown.length = 0));

  it('is told at once when everything runs', () => {
    trouble.tell('mail not sent');
    expect(shown).toEqual(['mail not sent']);
  });

  it('is not told when it was over by the time that everything ran', async () => {
    await trouble.bearWith(() => Promise.resolve(trouble.tell('no keys yet')));
    await delay(30);
    expect(shown).toEqual([]);
    trouble.tell('no keys any more');
    expect(shown).toEqual(['no keys any more']);
  });

  it('is told during a start when it lasts', async () => {
    await trouble.bearWith(async () => {
      trouble.tell('no database yet');
      await delay(40);
      trouble.tell('no database yet');
    });
    expect(shown).toEqual(['no database yet']);
  });

  it('is told when the start fails', async () => {
    const failed = trouble.bearWith(() => {
      trouble.tell('directory is read-only');
      return Promise.reject(new Error('no'));
    });
    await expect(failed).rejects.toThrow('no');
    expect(shown).toEqual(['directory is read-only']);
  });
});

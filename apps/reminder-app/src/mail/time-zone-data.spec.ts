import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { createLogger } from '#gatehouse/platform';
import { systemRelease, warnOfOldTimeZones } from './time-zone-data.js';

describe('the release of the system’s time zone data', () => {
  let directory: string;

  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'zones-'))));
  afterEach(() => rm(directory, { recursive: true }));

  it.each([
    ['tzdata.zi', '# version 2026f\n# This zic input file is in the public domain.\n'],
    ['+VERSION', '2026f\n'],
  ])('is read from %s, which begins with %j', async (name, text) => {
    await writeFile(join(directory, name), text);

    expect(await systemRelease(directory)).toBe('2026f');
  });

  it.each(['# version 2026f-dirty\n', '# redo\nR A 1916 o - Jun 14 23s 1 S\n', ''])(
    'is not known where the file begins with %j',
    async (text) => {
      await writeFile(join(directory, 'tzdata.zi'), text);

      expect(await systemRelease(directory)).toBeUndefined();
    },
  );

  it('is unknown if there is no such data', async () => {
    expect(await systemRelease(join(directory, 'none'))).toBeUndefined();
  });
});

describe('the warning about old time zone data of Node', () => {
  async function warnings(system: string | undefined, node: string): Promise<string> {
    let lines = '';
    const sink = new Writable({ write: (chunk, _, done) => ((lines += String(chunk)), done()) });
    await warnOfOldTimeZones(createLogger('reminder', 'info', sink), Promise.resolve(system), node);
    return lines;
  }

  it.each([
    ['2026f', '2026c'],
    ['2027a', '2026z'],
    ['2026za', '2026z'],
    ['2027a', '2026za'],
  ])('is logged if the system has %s and Node %s', async (system, node) => {
    const line = await warnings(system, node);

    expect(JSON.parse(line)).toMatchObject({ level: 'warn', system, node });
    expect(line).toContain('an hour off');
  });

  it.each([
    ['2026c', '2026c'],
    ['2025b', '2026c'],
    ['2026z', '2026za'],
    [undefined, '2026c'],
  ])('is not logged if the system has %s and Node %s', async (system, node) => {
    expect(await warnings(system, node)).toBe('');
  });
});

import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FolderMailer } from './folder.mailer.js';

describe('the folder mailer', () => {
  let directory: string;

  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), 'gatehouse-mail-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const mail = (messageId: string) => ({
    messageId,
    from: 'reminders@example.com',
    to: 'ada@example.com',
    bytes: Buffer.from('Subject: due\r\n\r\nplants\r\n'),
  });

  it('writes a mail to a file named by its Message-ID, and creates a missing folder', async () => {
    const folder = join(directory, 'new', 'out');

    expect(await new FolderMailer(folder).deliver(mail('<0123abcd@example.com>'))).toEqual({ kind: 'sent' });

    expect(await readdir(folder)).toEqual(['0123abcd.eml']);
    expect(await readFile(join(folder, '0123abcd.eml'), 'utf8')).toBe('Subject: due\r\n\r\nplants\r\n');
    expect((await stat(join(folder, '0123abcd.eml'))).mode & 0o777).toBe(0o600);
  });

  it('writes the same mail once, even if several workers deliver it several times', async () => {
    const mails = [1, 2, 3, 4].map((attempt) => ({
      ...mail('<0123abcd@example.com>'),
      bytes: Buffer.from(`attempt ${String(attempt)}`),
    }));
    const deliver = (one: (typeof mails)[number]) => new FolderMailer(directory).deliver(one);

    expect(await deliver(mails[0]!)).toEqual({ kind: 'sent' });
    expect(await Promise.all(mails.slice(1).map(deliver))).toEqual(Array(3).fill({ kind: 'sent' }));

    expect(await readdir(directory)).toEqual(['0123abcd.eml']);
    expect(await readFile(join(directory, '0123abcd.eml'), 'utf8')).toBe('attempt 1');
  });

  it('writes only to its folder, for any Message-ID', async () => {
    for (const messageId of ['<../../escape@example.com>', '<x<0123abcd@example.com>'])
      await new FolderMailer(join(directory, 'out')).deliver(mail(messageId));

    expect(await readdir(directory)).toEqual(['out']);
    const hashed = expect.stringMatching(/^[0-9a-f]{64}\.eml$/) as string;
    expect(await readdir(join(directory, 'out'))).toEqual([hashed, hashed]);
  });

  it('requests another attempt if the folder cannot be written', async () => {
    const file = join(directory, 'file');
    await writeFile(file, '');

    expect(await new FolderMailer(file).deliver(mail('<0123abcd@example.com>'))).toMatchObject({
      kind: 'later',
      serverDown: true,
      reason: `${file} cannot be written (EEXIST)`,
    });
  });
});

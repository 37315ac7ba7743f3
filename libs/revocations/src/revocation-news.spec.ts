import { setTimeout as delay } from 'node:timers/promises';
import { createLogger, Secret } from '#gatehouse/platform';
import { standInPostgres } from '../../../test/support/stand-in-postgres.js';
import { postgresRevocations } from './shared-revocations.js';

const lines: string[] = [];
const log = createLogger('test', 'info', { write: (line) => void lines.push(line) });
beforeEach(() => void lines.splice(0));

/** Listens at `listenUrl`; its database is not used. */
function listeningAt(listenUrl: string | undefined, url?: string) {
  const database = { kind: 'server', pool: undefined as never } as const;
  const secret = (text: string | undefined) => (text === undefined ? undefined : new Secret(text));
  return postgresRevocations({ database, url: secret(url), listenUrl: secret(listenUrl), log });
}

/** Those that keep this process alive; another test file may have left some, which end meanwhile. */
const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

describe('listening for revocations of other replicas', () => {
  it('starts although the server is down, and says so until it is closed, in one line of the log', async () => {
    const revocations = listeningAt('postgresql://app:hunter2@127.0.0.1:1/app');
    const news = revocations.memory.listen(() => undefined);
    expect(news.problem()).toMatch(/may arrive late: the connection .* is not established/);

    await revocations.start();

    expect(news.problem()).toMatch(/may arrive late: the connection .* is down/);
    await delay(2_200);
    await revocations.close();
    expect(lines).toHaveLength(1);
    expect(lines.join()).not.toContain('hunter2');
  });

  it.each([
    ['DATABASE_LISTEN_URL', (url: string) => listeningAt(url, 'postgresql://app@127.0.0.1:1/app')],
    ['DATABASE_URL', (url: string) => listeningAt(undefined, url)],
  ])('does not start with a wrong password (78), and says that it is the one of %s', async (setting, at) => {
    const refusing = await standInPostgres({ code: '28P01', message: 'no, says the server' });
    const revocations = at(refusing.url);

    await expect(revocations.start()).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringContaining(`Check user and password in ${setting} (28P01`) as string,
    });

    expect(revocations.memory.listen(() => undefined).problem()).toContain(`password in ${setting}`);
    await revocations.close();
    await refusing.close();
  });

  it('fails with 78 if a file that its URL names cannot be read', () => {
    expect(() => listeningAt('postgresql://app@127.0.0.1/app?sslrootcert=/nowhere/ca.pem')).toThrow(
      expect.objectContaining({
        exitCode: 78,
        message: expect.stringContaining('DATABASE_LISTEN_URL: the file of sslrootcert') as string,
      }),
    );
  });

  it('waits 3 s for a server that accepts connections and says nothing', async () => {
    const silent = await standInPostgres();
    const revocations = listeningAt(silent.url);
    const begun = performance.now();

    await revocations.start();

    expect(performance.now() - begun).toBeLessThan(10_000);
    await revocations.close();
    await silent.close();
  });

  it('closes immediately while it is connecting, and leaves no timer', async () => {
    const silent = await standInPostgres();
    const before = timers();
    const revocations = listeningAt(silent.url);
    const started = revocations.start();
    await delay(50);
    const begun = performance.now();

    await revocations.close();
    await started;

    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(timers()).toBeLessThanOrEqual(before);
    expect(lines).toEqual([]);
    await silent.close();
  });

  it('closes immediately while it waits to reconnect, and leaves no timer', async () => {
    const before = timers();
    const revocations = listeningAt('postgresql://app@127.0.0.1:1/app');
    await revocations.start();

    await revocations.close();
    await delay(1);

    expect(timers()).toBeLessThanOrEqual(before);
  });
});

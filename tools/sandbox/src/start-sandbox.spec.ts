import { createLogger } from '#gatehouse/platform';
import { refusals, startSandbox } from './start-sandbox.js';

const log = createLogger('test', 'silent');

describe('the sandbox', () => {
  it.each([
    ['127.0.0.1', undefined],
    ['127.8.8.8', 'development'],
    ['::1', 'test'],
    ['[::1]', undefined],
    ['localhost', undefined],
    ['::ffff:127.0.0.1', undefined],
  ])('starts at %s with NODE_ENV=%s', (host, nodeEnv) => expect(refusals(host, nodeEnv)).toEqual([]));

  it.each([
    '0.0.0.0',
    '::',
    '',
    '192.168.1.7',
    'example.com',
    'localhost.example.com',
    '127.0.0.1.example.com',
    '::ffff:10.0.0.1',
    '1127.0.0.1',
  ])('does not start at %j, where others could reach it', async (host) => {
    expect(refusals(host, undefined)).toEqual([expect.stringMatching(/^HOST: .*this machine only/)]);
    await expect(startSandbox({ port: 0, host, dataDir: '/nowhere', log })).rejects.toMatchObject({
      exitCode: 78,
    });
  });

  it('does not start with NODE_ENV=production, even on this machine', async () => {
    expect(refusals('127.0.0.1', 'production')).toEqual([expect.stringMatching(/^NODE_ENV: /)]);
    const environment = { NODE_ENV: 'production' };
    await expect(
      startSandbox({ port: 0, host: '127.0.0.1', dataDir: '/nowhere', log, environment }),
    ).rejects.toMatchObject({ exitCode: 78 });
  });
});

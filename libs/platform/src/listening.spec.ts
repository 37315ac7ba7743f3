import { createServer, type Server } from 'node:http';
import { networkInterfaces } from 'node:os';
import { listen } from './listening.js';

const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);

describe('a server that listens', () => {
  const servers: Server[] = [];
  const server = () => {
    const made = createServer((_request, response) => void response.end('here'));
    servers.push(made);
    return made;
  };
  afterEach(() => servers.splice(0).forEach((one) => one.close()));

  it.each(hasIpv6 ? ['127.0.0.1', '::1'] : ['127.0.0.1'])('is reached at its URL on %s', async (host) => {
    const url = await listen(server(), { host, port: 0 });

    expect(await (await fetch(url)).text()).toBe('here');
  });

  it('names the setting to change when its port is taken', async () => {
    const { port } = new URL(await listen(server(), { host: '127.0.0.1', port: 0 }));
    const again = listen(server(), { host: '127.0.0.1', port: Number(port), variable: 'METRICS_PORT' });

    await expect(again).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('METRICS_PORT') as string,
    });
  });
});

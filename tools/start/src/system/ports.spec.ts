import { type AddressInfo, createServer } from 'node:net';
import { claimPorts } from './ports.js';

const HOST = '127.0.0.1';

describe('claiming ports', () => {
  it('replaces 0 by free ports, each another one', async () => {
    const { HOST: host, ...ports } = await claimPorts({ HOST, A_PORT: 0, B_PORT: 0, C_PORT: 0 });
    expect([host, new Set(Object.values(ports)).size]).toEqual([HOST, 3]);
    expect(Math.min(...Object.values(ports))).toBeGreaterThan(0);
    // Below the range from which systems assign ports themselves.
    expect(Math.max(...Object.values(ports))).toBeLessThan(32_768);
  });

  it('names every variable whose port is taken, and exits 4', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
    const { port } = server.address() as AddressInfo;
    const refused = claimPorts({ HOST, SMTP_PORT: port, FREE_PORT: 0, MAILBOX_PORT: port });
    await expect(refused).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringMatching(/SMTP_PORT.*\n.*MAILBOX_PORT/) as string,
    });
    await new Promise((resolve) => server.close(resolve));
    expect(await claimPorts({ HOST, SMTP_PORT: port })).toEqual({ HOST, SMTP_PORT: port });
  });
});

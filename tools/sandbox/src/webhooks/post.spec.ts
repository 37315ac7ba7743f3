import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { post } from './post.js';

const webhook = (url: string) => ({ id: 'a', url, connectTimeout: 60_000, readTimeout: 60_000 });
const send = (url: string, signal = new AbortController().signal) =>
  post(webhook(url), Buffer.from('{}'), undefined, signal);

/**
 * Counts the active resources of a kind that keep this process alive. Another test file may have left some, which end
 * meanwhile.
 */
const keeping = (kind: string) => process.getActiveResourcesInfo().filter((one) => one === kind).length;

describe('posting an event', () => {
  it('does not keep the process alive while the receiver is silent, and can be aborted', async () => {
    const server = createServer(() => undefined).unref();
    server.on('connection', (socket) => socket.unref());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const [timers, connections] = [keeping('Timeout'), keeping('TCPSocketWrap')];
    const stop = new AbortController();
    const sent = send(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop.signal);
    expect(keeping('Timeout')).toBeLessThanOrEqual(timers);
    await new Promise((resolve) => server.once('request', resolve));
    expect(keeping('TCPSocketWrap')).toBeLessThanOrEqual(connections);
    stop.abort(new Error('given up'));
    expect(await sent).toMatchObject({ exception: expect.any(String) });
    server.closeAllConnections();
    server.close();
  });

  it.each([
    'http://192.0.2.1',
    'http://127.0.0.1.example.com',
    'https://10.0.0.1:9011',
    'http://[2001:db8::1]',
  ])('is refused for %s, which is not this machine', async (url) => {
    const start = performance.now();
    expect(await send(url)).toEqual({ url, exception: expect.stringContaining('to this machine only') });
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it.each(['http://127.0.0.1:1', 'http://localhost:1', 'http://[::1]:1', 'https://127.0.0.1:1'])(
    'is tried at %s, and reports why it failed',
    async (url) => {
      expect(await send(url)).toEqual({ url, exception: expect.not.stringContaining('this machine') });
    },
  );
});

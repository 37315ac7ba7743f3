import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { startDistance } from './distance.js';

it('delays bytes by half a round trip each way, and the first by the handshake, as far as the client has not waited', async () => {
  const echo = createServer((socket) => void socket.pipe(socket));
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const far = await startDistance(`tcp://127.0.0.1:${(echo.address() as AddressInfo).port}`);
  const sockets: Socket[] = [];
  const connected = async () => {
    const socket = connect(Number(new URL(far.url).port), '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  const ask = async (socket: Socket) => {
    const began = performance.now();
    socket.write('x');
    await once(socket, 'data');
    return performance.now() - began;
  };
  far.roundTripMs = 200;
  const times: number[][] = [];
  // The least of five: a pause of the process makes an answer later, never earlier.
  for (let tries = 0; tries < 5; tries += 1) {
    const [eager, patient] = [await connected(), await connected()];
    times.push([await ask(eager), await ask(eager), await ask(patient)]);
  }
  sockets.forEach((socket) => socket.destroy());
  await far.close();
  echo.close();
  const [first, second, late] = [0, 1, 2].map((column) => Math.min(...times.map((row) => row[column]!)));
  for (const [is, expected] of [
    [first, 400],
    [second, 200],
    [late, 200],
  ]) {
    expect(is).toBeGreaterThan(expected! - 20);
    expect(is).toBeLessThan(expected! + 100);
  }
});

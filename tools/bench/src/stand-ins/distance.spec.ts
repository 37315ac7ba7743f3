import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { startDistance } from './distance.js';

it('delays bytes by half a round trip each way, and the first by the handshake, as far as the client has not waited', async () => {
  const echo = createServer((socket) => void socket.pipe(socket));
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const far = await startDistance(`tcp://127.0.0.1:${(echo.address() as AddressInfo).port}`);
  const socketTo = async () => {
    const socket = connect(Number(new URL(far.url).port), '127.0.0.1');
    await once(socket, 'connect');
    const ask = async () => {
      const began = performance.now();
      socket.write('x');
      await once(socket, 'data');
      return performance.now() - began;
    };
    return { ask, end: () => socket.destroy() };
  };
  far.roundTripMs = 200;
  const [eager, patient] = [await socketTo(), await socketTo()];
  const [first, second] = [await eager.ask(), await eager.ask()];
  const late = await patient.ask();
  for (const [is, expected] of [
    [first, 400],
    [second, 200],
    [late, 200],
  ]) {
    expect(is).toBeGreaterThan(expected! - 20);
    expect(is).toBeLessThan(expected! + 100);
  }
  eager.end();
  patient.end();
  await far.close();
  echo.close();
});

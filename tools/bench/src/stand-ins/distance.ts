import { connect, createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * Starts a TCP relay that is as far from its clients as `roundTripMs` says, which may be changed between connections.
 * Bytes arrive half a round trip after they were sent. A connection is accepted at once, so the first bytes of a client
 * are passed on as if it had been accepted after a round trip.
 */
export async function startDistance(upstream: string) {
  const distance = { roundTripMs: 0 };
  const { protocol, hostname: host, port } = new URL(upstream);
  const server = createServer({ noDelay: true }, (near) => {
    const { roundTripMs } = distance;
    const established = performance.now() + roundTripMs;
    const far = connect({ host, port: Number(port), noDelay: true });
    const arrival = () => Math.max(performance.now(), established) + roundTripMs / 2;
    pass(near, far, arrival);
    pass(far, near, arrival);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as { port: number };
  return Object.assign(distance, {
    url: `${protocol}//127.0.0.1:${own}`,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  });
}

function pass(from: Socket, to: Socket, arrival: () => number): void {
  let passed = Promise.resolve();
  from
    .on('data', (bytes) => {
      const due = arrival();
      passed = passed
        .then(() => until(due))
        .then(() => {
          if (to.writable) to.write(bytes);
        });
    })
    .on('error', () => to.destroy())
    .on('close', () => to.destroy());
}

/** Resolves at an instant of `performance.now()`; timers are precise to a millisecond only. */
async function until(instant: number): Promise<void> {
  while (performance.now() < instant) await turn();
}

import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { serveParent } from '../processes/in-child.js';

let taken = 0;

/** A mail server that takes everything and keeps nothing. It greets after 100 ms, as the package does by itself. */
const server = new SMTPServer({
  authOptional: true,
  logger: false,
  disabledCommands: ['STARTTLS'],
  onData: (stream, _session, done) => {
    stream.once('end', () => {
      taken += 1;
      done();
    });
    stream.resume();
  },
});
server.on('error', () => undefined);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.server.address() as AddressInfo;

serveParent(`smtp://127.0.0.1:${port}`, { taken: () => taken });

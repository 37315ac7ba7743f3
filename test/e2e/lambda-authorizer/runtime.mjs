// Loads a bundled function as Lambda's runtime does, in a process of its own, and answers what it is asked by messages.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { handler } = require(process.argv[2]);
process.on('message', ({ id, event }) => {
  handler(event).then(
    (answer) => process.send({ id, answer }),
    (error) => process.send({ id, error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
process.send({ id: 'ready' });

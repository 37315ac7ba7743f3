import { createRequire } from 'node:module';

/** A process that loads a bundled authorizer, gets one verdict from it, and loads nothing else before. */
const [file = '', event = ''] = process.argv.slice(2);
const load = createRequire(import.meta.url);
const began = performance.now();
const { handler } = load(file) as { handler: (event: unknown) => Promise<unknown> };
const answer = await handler(JSON.parse(event));
const milliseconds = performance.now() - began;
process.stdout.write(JSON.stringify({ milliseconds, answer }));
// eslint-disable-next-line no-restricted-properties -- nothing of ours may be loaded here.
process.exit();

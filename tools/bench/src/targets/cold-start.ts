import { createRequire } from 'node:module';

/** A process that loads a bundled authorizer, gets one verdict from it, and loads nothing else before. */
const [file = '', event = ''] = process.argv.slice(2);
const load = createRequire(import.meta.url);
// Not `performance`, whose first use loads node:perf_hooks.
const began = process.hrtime.bigint();
const { handler } = load(file) as { handler: (event: unknown) => Promise<unknown> };
const answer = await handler(JSON.parse(event));
const milliseconds = Number(process.hrtime.bigint() - began) / 1e6;
process.stdout.write(JSON.stringify({ milliseconds, answer }));
// eslint-disable-next-line no-restricted-properties -- nothing of ours may be loaded here.
process.exit();

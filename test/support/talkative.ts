// A command that writes a lot: `talkative.ts BYTES [wait|fail]`. With `wait` only a signal ends it, which it reports.
import { endOnSignal, ExitError, runMain } from '#gatehouse/platform';

await runMain('talkative', async ([bytes = '0', then]) => {
  const { promise: signal, resolve } = Promise.withResolvers<undefined>();
  endOnSignal(() => {
    process.stderr.write('ends\n');
    return Promise.resolve(resolve(undefined));
  });
  process.stdout.write(`${'x'.repeat(Number(bytes) - 1)}\n`);
  if (then === 'wait') {
    const open = setInterval(() => undefined, 1_000);
    await signal.finally(() => clearInterval(open));
  }
  if (then === 'fail') throw new ExitError('y'.repeat(Number(bytes)), 75);
  return 3;
});

// node healthy.mjs URL: exits 0 when URL answers 2xx within three seconds, else 1 with the reason on stderr.
const [url] = process.argv.slice(2);
try {
  const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(3_000) });
  if (!ok) throw new Error(`${url} answered ${status}`);
} catch (error) {
  process.stderr.write(`${error.message}${error.cause ? `: ${error.cause.message}` : ''}\n`);
  process.exitCode = 1;
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tarballOf, unpack } from '../packages/packed.js';
import { temporaryDirectory } from '../support/embedded-database.js';
import { freePort } from '../support/free-port.js';
import { reportFigure } from './figures.js';

/** Returns the milliseconds from the start of the command, in a directory without an instance, to its first 200. */
async function firstAnswer(command: string, ground: string): Promise<number> {
  const port = await freePort();
  const cwd = mkdtempSync(join(ground, 'start-'));
  const began = performance.now();
  const child = spawn(process.execPath, [command, '--port', String(port)], { cwd, stdio: 'ignore' });
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}/.well-known/jwks.json`).catch(() => undefined);
      if (answer?.status === 200) return performance.now() - began;
      await sleep(5);
    }
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'exit');
  }
}

describe('the command gatehouse-sandbox', () => {
  it('answers within a second of its start, at best of five', async () => {
    const ground = await temporaryDirectory();
    try {
      const command = join(unpack(await tarballOf('gatehouse-sandbox'), ground.path), 'lib/command.cjs');
      const seen: number[] = [];
      for (let start = 0; start < 5; start += 1) seen.push(await firstAnswer(command, ground.path));
      const [best = Infinity] = seen.toSorted((left, right) => left - right);
      reportFigure(`gatehouse-sandbox answers ${Math.round(best)} ms after its start`);
      expect(best).toBeLessThan(1_000);
    } finally {
      await ground.remove();
    }
  });
});

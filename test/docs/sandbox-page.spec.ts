import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLogger } from '#gatehouse/platform';
import { startSandbox } from '../../tools/sandbox/src/start-sandbox.js';

const page = readFileSync('docs/sandbox.md', 'utf8');

/** The rows of the table of controls: method, path and, if there is one, the body. */
const controls = [...page.matchAll(/^\| [^|]+ \| `(GET|POST) (\/_sandbox\/\S+)`(?: with `(\{[^`]*\})`)?/gm)];

describe('the controls in docs/sandbox.md', () => {
  it('are taken by the sandbox as they are written', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'sandbox-page-'));
    const log = createLogger('sandbox', 'silent');
    const sandbox = await startSandbox({ port: 0, host: '127.0.0.1', dataDir, log });
    const refused: string[] = [];
    for (const [line, method = '', path = '', body] of controls) {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
      const sent = body === undefined ? {} : { body };
      const { ok } = await fetch(sandbox.url + path, { method, headers, ...sent });
      if (!ok) refused.push(line);
    }
    expect(controls.length).toBeGreaterThan(5);
    expect(refused).toEqual([]);
    await sandbox.close();
    rmSync(dataDir, { recursive: true });
  });
});

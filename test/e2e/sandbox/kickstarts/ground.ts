import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLogger } from '#gatehouse/platform';
import {
  type Sandbox,
  type SandboxOptions,
  startSandbox,
} from '../../../../tools/sandbox/src/start-sandbox.js';

/** The first API key of every kickstart file here. */
export const key = 'first-key';

/** A kickstart file without what each of them has. */
interface Content {
  readonly variables?: object;
  readonly apiKeys?: readonly object[];
  readonly requests?: readonly unknown[];
}

export const post = (url: string, body?: unknown, tenantId?: string) => ({
  method: 'POST',
  url,
  body,
  tenantId,
});
export const patch = (url: string, body: unknown, contentType?: string) => ({
  method: 'PATCH',
  url,
  body,
  contentType,
});

/** A kickstart file in a folder of its own, and a sandbox set up by it; both go with `remove`. */
export class Ground {
  readonly folder = mkdtempSync(join(tmpdir(), 'gatehouse-kickstarts-'));
  readonly dataDir = join(this.folder, 'data');
  readonly log: string[] = [];
  #sandboxes: Sandbox[] = [];

  /** Starts a sandbox that this file sets up, or that an earlier one has. Rejects as the start does. */
  async start(
    { variables = {}, apiKeys = [{ key }], requests = [] }: Content,
    files: Readonly<Record<string, string>> = {},
    options: Partial<SandboxOptions> = {},
  ): Promise<Sandbox> {
    const kickstartFile = join(this.folder, 'kickstart.json');
    const text = JSON.stringify({ variables, apiKeys, requests });
    for (const [name, part] of Object.entries({ ...files, 'kickstart.json': text })) {
      mkdirSync(dirname(join(this.folder, name)), { recursive: true });
      writeFileSync(join(this.folder, name), part);
    }
    const log = createLogger('sandbox', 'info', { write: (line) => void this.log.push(line) });
    const own = { port: 0, host: '127.0.0.1', dataDir: this.dataDir, log, kickstartFile };
    const sandbox = await startSandbox({ ...own, ...options });
    this.#sandboxes.push(sandbox);
    return sandbox;
  }

  /** What a start with this file is refused with. */
  async refusal(...start: Parameters<Ground['start']>): Promise<string> {
    try {
      await this.start(...start);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error('the sandbox started');
  }

  async close(): Promise<void> {
    for (const sandbox of this.#sandboxes.splice(0)) await sandbox.close();
  }

  async remove(): Promise<void> {
    await this.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What an answer holds under `name`. */
export const partOf = ({ body }: { readonly body: Record<string, unknown> }, name: string) =>
  body[name] as Record<string, unknown>;

/** A request with the first API key; `body` is {} where the answer has none. */
export async function ask(
  { url }: Sandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
) {
  const answer = await fetch(url + path, {
    method,
    headers: {
      authorization: key,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown> };
}

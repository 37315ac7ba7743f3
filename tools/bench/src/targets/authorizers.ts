import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { processEnvironment } from '#gatehouse/platform';
import { serveParent, settings } from '../../../measure/src/serve.js';

export interface AuthorizersSettings {
  readonly files: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
  /** Path of the certificate of the server that has the key set. */
  readonly certificate: string;
}

interface Asked {
  readonly by: string;
  readonly events: readonly object[];
  readonly times: number;
}

const { files, environment, certificate } = settings as AuthorizersSettings;
setDefaultCACertificates([...getCACertificates(), readFileSync(certificate, 'utf8')]);
// The bundles read it when they are loaded.
Object.assign(processEnvironment(), environment);
const load = createRequire(import.meta.url);
type Handler = (event: object) => Promise<{ policyDocument?: unknown }>;
const handlers = Object.fromEntries(
  Object.entries(files).map(([name, file]) => [name, (load(file) as { handler: Handler }).handler]),
);

serveParent('', {
  /** Measures verdicts per second, in sequence, as a function is called. */
  async measure({ by, events, times }: Asked) {
    const handler = handlers[by] as Handler;
    const began = performance.now();
    for (let time = 0; time < times; time += 1) for (const event of events) await accept(handler, event);
    return (1_000 * events.length * times) / (performance.now() - began);
  },
});

async function accept(handler: Handler, event: object): Promise<void> {
  const { policyDocument } = await handler(event);
  if (policyDocument === undefined) throw new Error('A good token was not accepted');
}

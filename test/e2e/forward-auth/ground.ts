import { request } from 'node:http';
import { type Environment, parseConfig } from '#gatehouse/platform';
import { forwardAuthSchema } from '../../../apps/forward-auth/src/config.js';
import { type ForwardAuth, startForwardAuth } from '../../../apps/forward-auth/src/start-forward-auth.js';
import { type Sandbox, startSandbox } from '../../../tools/sandbox/src/start-sandbox.js';
import { silentLog, temporaryDirectory } from '../../support/embedded-database.js';
import { pushSettings, sendWebhooksTo } from '../../support/webhook-set-up.js';

/** A header as its name and value; a name may occur more than once. */
export type Header = readonly [name: string, value: string];

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** The header lines in the order received. */
  readonly lines: readonly Header[];
  readonly body: string;
}

export interface Gate {
  readonly url: string;
  readonly metricsUrl: string;
  /**
   * Sends the request that Caddy and Traefik send for authorization; `method` and `uri` are those of the client's
   * request.
   */
  readonly ask: (method: string, uri: string, headers?: Headers) => Promise<Answer>;
  /** Sends exactly the given headers. */
  readonly send: (path: string, headers: readonly Header[], method?: string) => Promise<Answer>;
}

type Headers = Readonly<Record<string, string>> | readonly Header[];

export interface Ground {
  readonly sandbox: Sandbox;
  /** Starts the app in front of the sandbox. */
  readonly open: (env?: Environment) => Promise<Gate>;
  readonly close: () => Promise<void>;
}

export async function startGround(): Promise<Ground> {
  const directory = await temporaryDirectory();
  const sandbox = await startSandbox({
    port: 0,
    host: '127.0.0.1',
    dataDir: directory.path,
    log: silentLog,
  });
  const opened: ForwardAuth[] = [];
  return {
    sandbox,
    async open(env = {}) {
      const push = env['REVOCATION'] === 'push' ? await pushSettings(sandbox) : {};
      const config = parseConfig(forwardAuthSchema, {
        PORT: '0',
        FUSIONAUTH_URL: sandbox.url,
        FUSIONAUTH_API_KEY: sandbox.secrets['FUSIONAUTH_API_KEY'],
        FUSIONAUTH_DEADLINE_MS: '5000',
        ...push,
        ...env,
      });
      const app = await startForwardAuth(config, { log: silentLog });
      opened.push(app);
      if (env['REVOCATION'] === 'push') await sendWebhooksTo(sandbox, app.url);
      return gateAt(app);
    },
    async close() {
      await Promise.all(opened.map((app) => app.close()));
      await sandbox.close();
      await directory.remove();
    },
  };
}

function gateAt({ url, metricsUrl }: ForwardAuth): Gate {
  const send: Gate['send'] = (path, headers, method = 'GET') => sendRaw(url + path, headers, method);
  return {
    url,
    metricsUrl,
    send,
    ask: (method, uri, headers = []) =>
      send('/verify', [
        ['X-Forwarded-Method', method],
        ['X-Forwarded-Uri', uri],
        ...(Array.isArray(headers) ? (headers as Header[]) : Object.entries(headers as object)),
      ] as Header[]),
  };
}

function sendRaw(url: string, headers: readonly Header[], method: string): Promise<Answer> {
  const { host } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers: ['Host', host, ...headers.flat()], agent: false });
    sent.on('error', reject).on('response', (response) => {
      const chunks: Buffer[] = [];
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const raw = response.rawHeaders;
          const lines = raw.flatMap((name, at): Header[] =>
            at % 2 === 0 ? [[name, raw[at + 1] ?? '']] : [],
          );
          const digest = Object.fromEntries(lines.map(([name, value]) => [name.toLowerCase(), value]));
          resolve({
            status: response.statusCode ?? 0,
            headers: digest,
            lines,
            body: Buffer.concat(chunks).toString(),
          });
        });
    });
    sent.end();
  });
}

export const codeOf = ({ body }: Answer): unknown => (JSON.parse(body) as { code: unknown }).code;

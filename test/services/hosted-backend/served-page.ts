import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';

export interface PageSettings {
  readonly clientId: string;
  /** The origin of FusionAuth and the API. */
  readonly serverUrl: string;
  readonly apiUrl: string;
}

export interface ServedPage {
  /** The address of the page, with a trailing slash, and its origin. */
  readonly url: string;
  readonly origin: string;
  close(): Promise<void>;
}

/** Bundles the page and FusionAuth's SDK for React into one script. */
export async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, 'page.mjs')],
    bundle: true,
    write: false,
    format: 'iife',
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

/** Serves the page on a free port of 127.0.0.1; `settings` is called for each request. */
export async function servePage(script: string, settings: () => PageSettings): Promise<ServedPage> {
  const server: Server = createServer((request, response) => {
    if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end(document({ ...settings(), redirectUri: url }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const url = `${origin}/`;
  return {
    url,
    origin,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const document = (settings: object): string =>
  `<!doctype html><html lang="en"><title>Todos</title><div id="root"></div>
<script type="application/json" id="settings">${JSON.stringify(settings)}</script><script src="/page.js"></script></html>`;

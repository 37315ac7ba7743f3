import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { isLoopback, type Listening, readPageFile, serve } from '#gatehouse/platform';

/** Serves the report in `directory` to browsers of this machine. Throws an ExitError 4 for a port in use. */
export function serveReport(directory: string, port: number): Promise<Listening> {
  const server = createServer((request, response) => answer(request, response, directory));
  return serve(server, { host: '127.0.0.1', port, variable: '--port' });
}

/** The short addresses, as in the Dev Center. */
const shortNames: Readonly<Record<string, string>> = { '': 'index.html', choose: 'choose.html' };

function answer(request: IncomingMessage, response: ServerResponse, directory: string): void {
  const name = isMeant(request) ? nameIn(request.url ?? '/') : '';
  if (name === undefined) {
    response.writeHead(302, { location: '/compare/' }).end();
    return;
  }
  const file = readPageFile(directory, name);
  response.writeHead(file ? 200 : 404, file?.headers);
  response.end(request.method === 'HEAD' ? undefined : file?.body);
}

/** Returns the file of a path; undefined outside of /compare/. `//` is a path that no URL has. */
function nameIn(url: string): string | undefined {
  const [, name] = /^\/compare\/(.*)$/.exec(URL.parse(url, 'http://localhost')?.pathname ?? '') ?? [];
  return name === undefined ? undefined : (shortNames[name] ?? name);
}

/**
 * Returns whether a request is for this server. A page of another site can point its own name at this address (DNS
 * rebinding); its requests carry that name.
 */
function isMeant({ method = '', headers }: IncomingMessage): boolean {
  const url = `http://${headers.host ?? ''}`;
  return ['GET', 'HEAD'].includes(method) && URL.canParse(url) && isLoopback(new URL(url).hostname);
}

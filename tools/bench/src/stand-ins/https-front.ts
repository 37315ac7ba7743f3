import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { serve } from '#gatehouse/platform';
import { keySetPath } from '../../../measure/src/fusionauth-stand-in.js';
import { NotMeasured } from '../outcome.js';

/**
 * Starts a server that has the key set of `upstream` over https. Its certificate is self-signed; `certificate` is the path, in
 * `directory`, of what a client must trust. Throws {@link NotMeasured} where openssl, which makes it, is not installed.
 */
export async function startHttpsFront(directory: string, upstream: string) {
  const [key, certificate] = [join(directory, 'front.key'), join(directory, 'front.crt')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '1'];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  try {
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', key, '-out', certificate], {
      stdio: 'pipe',
    });
  } catch {
    throw new NotMeasured('openssl is needed for a certificate: install it');
  }
  const answer = await fetch(`${upstream}${keySetPath}`);
  const keySet = Buffer.from(await answer.arrayBuffer());
  const server = createServer(
    { key: readFileSync(key), cert: readFileSync(certificate) },
    (request, response) =>
      response
        .writeHead(request.url === keySetPath ? 200 : 404, { 'content-type': 'application/json' })
        .end(keySet),
  );
  const { url, close } = await serve(server, { host: '127.0.0.1', port: 0 });
  return { url: url.replace('http:', 'https:'), certificate, close };
}

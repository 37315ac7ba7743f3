import { accessSync, constants } from 'node:fs';
import { exitCodes, ExitError, hostOnWire, type Secret } from '#gatehouse/platform';

/**
 * Reads the PostgreSQL URL of `setting` as the driver takes it. Throws {@link ExitError} 78 when it, or a file that it names,
 * cannot be read.
 */
export function serverUrl(secret: Secret, setting = 'DATABASE_URL'): URL {
  const url = URL.parse(secret.reveal());
  if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
    throw new ExitError(
      `${setting}: must be a PostgreSQL URL (example: postgresql://user:password@localhost:5432/gatehouse)`,
      exitCodes.badConfiguration,
    );
  }
  checkCertificateFiles(url, setting);
  writeHostForWire(url);
  return url;
}

/** Returns a line for the operator where the URL of `setting`, or a file that it names, cannot be read. */
export function serverUrlProblem(setting: string, secret: Secret | undefined): string[] {
  try {
    if (secret) serverUrl(secret, setting);
    return [];
  } catch (error) {
    return [(error as ExitError).message];
  }
}

/**
 * Checks that the files which the parameters of `url` name can be read, since the driver reads them at each connection only
 * and its error would look like a server that is away. As with libpq 16, `sslrootcert=system` means the CAs that are
 * trusted anyway (those of Node, and of NODE_EXTRA_CA_CERTS) and a check of the server's name; the driver would look for a
 * file.
 */
function checkCertificateFiles({ searchParams }: URL, setting: string): void {
  if (searchParams.get('sslrootcert') === 'system') {
    searchParams.delete('sslrootcert');
    searchParams.set('sslmode', 'verify-full');
  }
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = searchParams.get(name);
    try {
      if (file) accessSync(file, constants.R_OK);
    } catch (error) {
      throw new ExitError(
        `${setting}: the file of ${name}, ${file}, cannot be read (${(error as NodeJS.ErrnoException).code}).`,
        exitCodes.badConfiguration,
        { cause: error },
      );
    }
  }
}

/**
 * Writes the host of a PostgreSQL URL as the network knows it, in A-labels. The URL standard leaves the host of such a
 * scheme percent-encoded; the driver decodes it and would name it so to the server (SNI is ASCII: RFC 6066 section 3). A
 * host that is a directory of sockets stays as it is.
 */
function writeHostForWire(url: URL): void {
  const host = decodeURIComponent(url.hostname);
  if (isOther(host)) url.hostname = hostOnWire(host);
  const named = url.searchParams.get('host');
  if (named !== null && isOther(named)) url.searchParams.set('host', hostOnWire(named));
}

const isOther = (host: string): boolean => !host.startsWith('/') && hostOnWire(host) !== host;

import { accessSync, constants } from 'node:fs';
import { exitCodes, ExitError, hostOnWire, type Secret } from '#gatehouse/platform';

/**
 * Reads the PostgreSQL URL of `setting` in the form that the driver accepts. Throws {@link ExitError} 78 if it, or a
 * file that it names, cannot be read.
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

/** Returns a line for the operator if the URL of `setting`, or a file that it names, cannot be read. */
export function serverUrlProblem(setting: string, secret: Secret | undefined): string[] {
  try {
    if (secret) serverUrl(secret, setting);
    return [];
  } catch (error) {
    return [(error as ExitError).message];
  }
}

/**
 * Checks that the files in the parameters of `url` can be read. The driver reads them only when it connects, and its
 * error would look like an unreachable server. As with libpq 16, `sslrootcert=system` means the CAs that are trusted
 * anyway (those of Node, and of NODE_EXTRA_CA_CERTS) and a check of the server's name; the driver would look for a
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
 * Writes the host of a PostgreSQL URL in A-labels. The URL standard leaves the host of such a scheme percent-encoded;
 * the driver decodes it and would send it like that to the server (SNI is ASCII: RFC 6066 section 3). A host that is
 * a directory of sockets is unchanged.
 */
function writeHostForWire(url: URL): void {
  const host = decodeURIComponent(url.hostname);
  if (isOther(host)) url.hostname = hostOnWire(host);
  const named = url.searchParams.get('host');
  if (named !== null && isOther(named)) url.searchParams.set('host', hostOnWire(named));
}

const isOther = (host: string): boolean => !host.startsWith('/') && hostOnWire(host) !== host;

import { accessSync, constants } from 'node:fs';
import { exitCodes, ExitError } from '#gatehouse/platform';

/**
 * Sees that the files which the parameters of `url` name can be read, since the driver reads them at each connection only
 * and its error would look like a server that is away. Throws {@link ExitError} 78. As with libpq 16,
 * `sslrootcert=system` means the CAs that are trusted anyway (those of Node, and of NODE_EXTRA_CA_CERTS) and a check of the
 * server's name; the driver would look for a file.
 */
export function readCertificateFiles(url: URL): void {
  const { searchParams } = url;
  if (searchParams.get('sslrootcert') === 'system') {
    searchParams.delete('sslrootcert');
    searchParams.set('sslmode', 'verify-full');
  }
  for (const name of ['sslrootcert', 'sslcert', 'sslkey']) {
    const file = searchParams.get(name);
    if (file) readable(name, file);
  }
}

function readable(name: string, file: string): void {
  try {
    accessSync(file, constants.R_OK);
  } catch (error) {
    throw new ExitError(
      `DATABASE_URL: the file of ${name}, ${file}, cannot be read (${(error as NodeJS.ErrnoException).code}).`,
      exitCodes.badConfiguration,
      { cause: error },
    );
  }
}

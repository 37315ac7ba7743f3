import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GeneratedFile } from './gateway.js';
import { type PublicKey, readPem } from './public-key.js';

/** The folder of key files below a gateway's own. */
export const keyFolder = 'keys';

/** Returns the path of a key file. The name is derived from the key: a file never gets another key. */
export const keyPath = ({ pem }: PublicKey): string =>
  `${keyFolder}/${createHash('sha256').update(pem).digest('hex').slice(0, 32)}.pem`;

export const keyFiles = (keys: readonly PublicKey[]): readonly GeneratedFile[] =>
  keys.map((key) => ({ path: keyPath(key), text: key.pem }));

/** Returns a sentence about the first file in the key folder that is not a public key; undefined where all are. */
export function keyFileProblem(directory: string): string | undefined {
  for (const name of readdirSync(join(directory, keyFolder))) {
    try {
      readPem(readFileSync(join(directory, keyFolder, name), 'utf8'));
    } catch (error) {
      return `${keyFolder}/${name} ${(error as Error).message}`;
    }
  }
  return undefined;
}

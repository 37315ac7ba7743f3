import { join } from 'node:path';
import { format } from 'prettier';
import { renderDocument } from '../../tools/gateways/src/document.js';
import { gateways } from '../../tools/gateways/src/gateways/index.js';
import { samplePolicy } from './sample-policy.js';

export const root = join(import.meta.dirname, '..', '..');
export const documentFile = 'docs/gateways.md';

/** Returns the generated files: the document, and each gateway's configuration for the sample policy; paths from the root. */
export async function generatedFiles(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  files.set(documentFile, await format(renderDocument(), { parser: 'markdown', printWidth: 110 }));
  for (const gateway of gateways) {
    for (const { path, text } of gateway.files(samplePolicy))
      files.set(`deploy/gateways/${gateway.name}/${path}`, text);
  }
  return files;
}

// Collects the licences of the packages in a bundle.
import { globSync, readFileSync } from 'node:fs';

/** Returns a document with each package that esbuild put into a bundle, its version and the text of its licence. */
export function noticesOf(metafile) {
  const folders = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [packageFolder(file)] : []))
    .filter((folder) => folder !== undefined);
  return ['# Third-party software in this package', ...[...new Set(folders)].toSorted().map(noticeOf)].join(
    '\n\n',
  );
}

/** Returns the `node_modules/a/node_modules/@b/c` of a file in that package; undefined for our own files. */
const packageFolder = (file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

/** Returns the notice of a package. Throws for one without a licence: it may not be redistributed. */
function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  if (license === undefined)
    throw new Error(`${name} ${version} has no licence and cannot be bundled: ${folder}`);
  const [file] = globSync(`${folder}/{LICENSE,LICENCE,license,licence}*`).toSorted();
  const holder = typeof author === 'object' ? author.name : author;
  const text =
    file === undefined
      ? `Copyright ${holder}. The package has no text of its licence.`
      : readFileSync(file, 'utf8');
  const indented = text
    .trim()
    .replaceAll('\r\n', '\n')
    .replaceAll(/^(?=.)/gm, '    ');
  return `## ${name} ${version} (${license})\n\n${indented}\n`;
}

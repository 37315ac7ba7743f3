import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..', '..');
const outside = /^(node_modules|dist|coverage|\.git|\.data)$|\/(node_modules|generated)$/;
/** The paths of all files and folders of the repository, from the root. */
const present = globSync(['**', '**/.*', '.vscode/*', '.ci/*'], {
  cwd: root,
  exclude: (path) => outside.test(path.replaceAll('\\', '/')),
}).map((path) => path.replaceAll('\\', '/'));
const rooms = new Set(present.filter((path) => path.includes('/')).map((path) => path.split('/')[0]));
const documents = present.filter((path) => path.endsWith('.md') && path !== 'CHANGELOG.md');

/** Returns the paths that a document names in backticks, outside code blocks. */
function pathsIn(text: string): string[] {
  const prose = text.replaceAll(/^( *)```[^]*?^\1```/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].flatMap(([, quoted = '']) => {
    const words = quoted.split(/\s+/).filter((word) => path.test(word) || file.test(word));
    // Among the words of a command only those that begin at the root are certainly paths.
    return quoted.includes(' ') ? words.filter((word) => rooms.has(word.split('/')[0])) : words;
  });
}
const path = /^[\w.{},-]+(\/[\w.*{},-]+)+\/?$/;
const file = /^[\w.-]+\.(cjs|css|eta|js|json|md|mjs|prisma|toml|ts|ya?ml)$/;

/** Paths that are made when something runs, entries of packages, and files of others. */
const elsewhere =
  /^(\.data|dist|node_modules|[A-Z_]+|forward-auth|gatehouse-auth)\/|^deploy\/secrets\b|\/door\.json$|^(openapi\.yaml|THIRD-PARTY-NOTICES\.md)$/;

/** Tests whether a path is there, from the root or below any folder. NAME means any name; a module may lack `.ts`. */
function isPresent(named: string): boolean {
  const [, before = named, names = '', after = ''] = /^(.*)\{(.+)\}(.*)$/.exec(named) ?? [];
  return names.split(',').every((name) => {
    const pattern = `${before}${name}${after}`
      .replace(/\/$/, '')
      .replaceAll('.', '\\.')
      .replaceAll(/\*+|NAME/g, '[^/]+');
    const form = new RegExp(`(^|/)${pattern}(\\.ts)?$`);
    return present.some((one) => form.test(one));
  });
}

describe('the paths in the documents', () => {
  it('are there, from the root or below a folder', () => {
    const named = documents.flatMap((document) =>
      pathsIn(readFileSync(join(root, document), 'utf8')).map((one) => ({ document, one })),
    );
    expect(named.length).toBeGreaterThan(500);
    expect(named.filter(({ one }) => !elsewhere.test(one) && !isPresent(one))).toEqual([]);
  });

  it('are noticed where they are wrong, in a command too', () => {
    const wrong = ['scripts/packing.mjs', 'layering/cache.ts', 'libs/auth/{core,doors}/', 'test/fuzzy'];
    const [script, layer, folders, test] = wrong;
    const text = `\`${script}\`, \`judge.ts\`, \`${layer}\`, \`${folders}\`, \`npx jest ${test}\`, not \`a/b c\`.`;
    expect(pathsIn(text).filter((one) => !isPresent(one))).toEqual(wrong);
  });
});

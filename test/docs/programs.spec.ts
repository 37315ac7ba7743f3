import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');

/** Returns the code blocks of a document that are whole programs. */
const programsOf = (document: string) =>
  [...readFileSync(join(root, document), 'utf8').matchAll(/```ts\n([^]*?)```/g)]
    .map(([, text = '']) => text)
    .filter((text) => text.startsWith('import '));

/** The package's names, as `npm run pack:auth` gives them to the sources. */
const paths = {
  'gatehouse-auth': [join(root, 'libs/auth/src/index.ts')],
  'gatehouse-auth/*': [join(root, 'libs/auth/src/doors/*/index.ts')],
};

/** Returns the compiler's messages about a program that is not in a file, with the settings of the repository. */
function complaintsAbout(text: string): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const { tsBuildInfoFile: _unused, ...others } = options;
  const settings = { ...others, paths, noEmit: true, incremental: false };
  const name = join(root, 'docs', 'program.ts');
  const host = ts.createCompilerHost(settings);
  const inFiles = host.getSourceFile.bind(host);
  host.getSourceFile = (path, ...rest) =>
    path === name ? ts.createSourceFile(path, text, rest[0]) : inFiles(path, ...rest);
  const exists = host.fileExists.bind(host);
  host.fileExists = (path) => path === name || exists(path);
  const program = ts.createProgram([name], settings, host);
  const source = program.getSourceFile(name);
  return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
    ({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'),
  );
}

describe('the programs of docs/adding-the-guard.md', () => {
  const programs = programsOf('docs/adding-the-guard.md');

  it('compile as they stand', () => {
    expect(programs).toHaveLength(1);
    expect(programs.flatMap(complaintsAbout)).toEqual([]);
    expect(complaintsAbout(programs[0]!.replace('RequireRole(', 'RequireRoles('))).not.toEqual([]);
  }, 60_000);
});

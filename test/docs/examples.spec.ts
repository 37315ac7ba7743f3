import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config,
  ts.sys,
  root,
);
const compilerOptions: ts.CompilerOptions = {
  ...options,
  noEmit: true,
  incremental: false,
  customConditions: ['source'],
  noUnusedLocals: false,
  noUnusedParameters: false,
  paths: {
    'gatehouse-auth': [join(root, 'libs/auth/src/index.ts')],
    'gatehouse-auth/*': [join(root, 'libs/auth/src/doors/*/index.ts')],
    'gatehouse-sandbox': [join(root, 'tools/sandbox/src/package/api.ts')],
  },
};
delete compilerOptions.tsBuildInfoFile;

/** Returns the code blocks in doc comments, as files beside the sources. */
function examples(): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of globSync(['libs/auth/src/**/*.ts', 'tools/sandbox/src/**/*.ts'], { cwd: root })) {
    const blocks = readFileSync(join(root, path), 'utf8').matchAll(/^ \* ```ts\n((?: \*.*\n)*?) \* ```$/gm);
    for (const [number, [, block = '']] of [...blocks].entries()) {
      found.set(
        join(root, dirname(path), `${basename(path, '.ts')}.example-${number}.ts`),
        block.replaceAll(/^ \* ?/gm, ''),
      );
    }
  }
  return found;
}

/** Returns the compiler's messages about the files, by their paths; they are not written to disk. */
function complaints(files: ReadonlyMap<string, string>): string[] {
  const host = ts.createCompilerHost(compilerOptions);
  const disk = ts.createCompilerHost(compilerOptions);
  host.fileExists = (path) => files.has(path) || disk.fileExists(path);
  host.readFile = (path) => files.get(path) ?? disk.readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = files.get(path);
    return text === undefined
      ? disk.getSourceFile(path, version, ...rest)
      : ts.createSourceFile(path, text, version);
  };
  const program = ts.createProgram([...files.keys()], compilerOptions, host);
  return [...files.keys()].flatMap((path) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`),
  );
}

describe('the examples in doc comments', () => {
  const found = examples();

  it('are there for each entry of the packages', () => {
    const holders = [...found.keys()].map((path) => path.slice(root.length + 1).replace(/\.example-\d+/, ''));
    expect(holders).toEqual(
      expect.arrayContaining([
        'libs/auth/src/index.ts',
        'libs/auth/src/doors/nest/index.ts',
        'libs/auth/src/doors/node/index.ts',
        'libs/auth/src/doors/forward/index.ts',
        'tools/sandbox/src/package/api.ts',
      ]),
    );
  });

  it('compile, with the strictness of the project', () => {
    const wrong = "import { readAuthConfig } from 'gatehouse-auth';\nreadAuthConfig(42);\n";
    const bad = join(root, 'libs/auth/src/wrong.ts');
    const said = complaints(new Map([...found, [bad, wrong]]));
    expect(said.filter((line) => !line.startsWith(bad))).toEqual([]);
    expect(said).toHaveLength(1);
  });
});

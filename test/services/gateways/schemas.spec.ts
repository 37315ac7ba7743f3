import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { gateways } from '../../../tools/gateways/src/gateways/index.js';
import { samplePolicy } from '../../gateways/sample-policy.js';
import { describeWhere } from '../../support/describe-where.js';
import { temporaryDirectory } from '../../support/embedded-database.js';
import { registryRefusal } from '../registry.js';
import { envoyProblems } from './schemas/proto-problems.js';

const packages = {
  '@schemastore/traefik-v3': '1.0.4',
  '@schemastore/traefik-v3-file-provider': '1.0.2',
  '@grpc/grpc-js-xds': '1.14.1',
  protobufjs: '8.8.1',
};

/** Returns the parsed YAML of a generated file; `change` edits its text first. */
const read = (name: string, path: string, change = (text: string) => text): Record<string, unknown> => {
  const files = gateways.find((gateway) => gateway.name === name)!.files(samplePolicy);
  return parse(change(files.find((file) => file.path === path)!.text)) as Record<string, unknown>;
};

describeWhere(registryRefusal())('a configuration for a gateway that cannot run here', () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const manifest = { private: true, type: 'module', dependencies: packages };
    writeFileSync(join(directory.path, 'package.json'), JSON.stringify(manifest));
    const compilerOptions = { noEmit: true, strict: true, skipLibCheck: true, types: [], module: 'nodenext' };
    writeFileSync(
      join(directory.path, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, files: ['check.ts'] }),
    );
    const install = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts'];
    execFileSync('npm', install, { cwd: directory.path, stdio: 'pipe' });
  }, 300_000);
  afterAll(() => directory.remove());

  /** Returns the TypeScript compiler's message about a value assigned to a type; empty where there is none. */
  function complaint(module: string, type: string, value: object): string {
    const file = join(directory.path, 'check.ts');
    writeFileSync(
      file,
      `import type { ${type} } from '${module}';\nexport const checked: ${type} = ${JSON.stringify(value)};\n`,
    );
    const { stdout } = spawnSync(
      process.execPath,
      [resolve('node_modules/typescript/bin/tsc'), '-p', directory.path],
      { encoding: 'utf8' },
    );
    return stdout;
  }

  const traefik = {
    'traefik.yaml': ['@schemastore/traefik-v3', 'TraefikV3StaticConfiguration'],
    'dynamic.yaml': [
      '@schemastore/traefik-v3-file-provider',
      'HttpsJsonSchemastoreOrgTraefikV3FileProviderJson',
    ],
  } as const;

  it.each([
    ['traefik.yaml', 'maxHeaderBytes', 'maxHeadBytes'],
    ['dynamic.yaml', 'authRequestHeaders', 'authRequestHeader'],
  ] as const)(
    'is of the types of Traefik’s configuration, which notice a wrong name: %s',
    (path, right, wrong) => {
      const [module, type] = traefik[path];
      expect(complaint(module, type, read('traefik', path))).toBe('');
      const misspelled = read('traefik', path, (text) => text.replaceAll(right, wrong));
      expect(complaint(module, type, misspelled)).toContain(wrong);
    },
  );

  it('has nothing that Envoy’s protocol buffers do not know, and they notice wrong names and words', () => {
    const problems = envoyProblems(directory.path);
    expect(problems(read('envoy', 'envoy.yaml'))).toEqual([]);
    const wrong = (right: string, other: string) =>
      problems(read('envoy', 'envoy.yaml', (text) => text.replaceAll(right, other)));
    expect(wrong('status_on_error', 'status_at_error')).toHaveLength(2);
    expect(wrong('DROP_HEADER', 'DROP')).toHaveLength(1);
    expect(wrong('[{ any: true }]', '{ any: true }')).toHaveLength(1);
  });
});

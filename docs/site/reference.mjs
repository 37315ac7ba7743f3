import { execFileSync } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** The subjects of the API reference: each entry of the package gatehouse-auth, and the package gatehouse-sandbox. */
const entries = [
  'libs/auth/src/index.ts',
  'libs/auth/src/doors/nest/index.ts',
  'libs/auth/src/doors/node/index.ts',
  'libs/auth/src/doors/forward/index.ts',
  'tools/sandbox/src/package/api.ts',
];

/** Writes `reference/` of the site: the API from the doc comments, and the settings from docs/schema. */
export function writeReference({ root, work, site }) {
  mkdirSync(join(site, 'reference'), { recursive: true });
  writeFileSync(join(site, 'reference', 'settings.md'), settingsPage(root));
  const tsconfig = join(work, 'typedoc.tsconfig.json');
  const files = entries.map((entry) => join(root, entry));
  const compilerOptions = {
    customConditions: ['source'],
    noEmit: true,
    incremental: false,
    tsBuildInfoFile: null,
  };
  writeFileSync(
    tsconfig,
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, files, include: [] }),
  );
  const options = {
    plugin: ['typedoc-plugin-markdown'],
    tsconfig,
    entryPoints: files,
    out: join(site, 'reference', 'api'),
    readme: 'none',
    name: 'API',
    basePath: root,
    disableSources: true,
    excludeInternal: true,
    excludeExternals: true,
    excludePrivate: true,
    validation: false,
    skipErrorChecking: true,
    logLevel: 'Warn',
    outputFileStrategy: 'modules',
    entryFileName: 'index',
    hidePageHeader: true,
    hideBreadcrumbs: true,
    useCodeBlocks: true,
    parametersFormat: 'table',
    interfacePropertiesFormat: 'table',
  };
  const optionsFile = join(work, 'typedoc.json');
  writeFileSync(optionsFile, JSON.stringify(options));
  execFileSync(process.execPath, [join(work, 'node_modules/typedoc/bin/typedoc'), '--options', optionsFile], {
    cwd: work,
    stdio: ['ignore', 2, 2],
  });
}

function settingsPage(root) {
  const files = globSync('docs/schema/*.env.schema.json', { cwd: root }).toSorted();
  return [
    '# Settings',
    'Every setting is an environment variable. `--check-config` of an app says which values it would use and where each came from. Each section links the JSON Schema of the environment.',
    ...files.flatMap((file) => [`## ${basename(file, '.env.schema.json')}`, appSettings(root, file)]),
  ].join('\n\n');
}

function appSettings(root, file) {
  const { properties } = JSON.parse(readFileSync(join(root, file), 'utf8'));
  const rows = Object.entries(properties)
    .filter(([name]) => !name.endsWith('_FILE') || !(name.slice(0, -5) in properties))
    .map(([name, property]) => `| \`${name}\` | ${cell(property.description)} | ${defaultOf(property)} |`);
  return [
    `JSON Schema: [${basename(file)}](/${file})`,
    '',
    '| name | sets | default |',
    '| --- | --- | --- |',
    ...rows,
  ].join('\n');
}

const cell = (text) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

function defaultOf({ default: value, writeOnly }) {
  if (writeOnly) return 'secret';
  return value === undefined ? '' : `\`${value}\``;
}

// Copies the files that TypeScript does not put into dist beside the modules that read them: Markdown, templates, style
// sheets, scripts.
import { copyFileSync, globSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const assets = globSync('{apps,libs,tools}/*/{src,assets}/**/*.{md,eta,css,js,html,svg}', { cwd: root });
for (const file of assets) {
  const copy = join(root, 'dist', file);
  // Renamed into place, because another build may copy the same file, and a running program may read it.
  const draft = `${copy}.${process.pid}`;
  mkdirSync(dirname(copy), { recursive: true });
  copyFileSync(join(root, file), draft);
  renameSync(draft, copy);
}

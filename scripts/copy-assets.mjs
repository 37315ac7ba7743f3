// Copies the files that TypeScript does not put into dist beside the modules that read them: Markdown, templates, style
// sheets, scripts.
import { cpSync, globSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const assets = globSync('{apps,libs,tools}/*/{src,assets}/**/*.{md,eta,css,js,html,svg}', { cwd: root });
for (const file of assets) cpSync(join(root, file), join(root, 'dist', file));

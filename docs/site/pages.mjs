import { cpSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';
import { parts } from './navigation.mjs';

/** Where a document of the repository is in the site: a README is the page of its folder. */
const pageOf = (path) => path.replace(/(^|\/)README\.md$/, '$1index.md');

const titleOf = (text, path) => /^# (.*)$/m.exec(text)?.[1].replaceAll(/[`*\\]/g, '') ?? path;

/** The first paragraph below the heading, as one line without links. */
const leadOf = (text) =>
  (/^# .*\n+((?![#|`!>-]).+(?:\n.+)*)/m.exec(text)?.[1] ?? '')
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(?<=\.) .*/, '');

/**
 * Puts the documents into `site`, with a page for each part, and writes what the configuration of VitePress reads:
 * `site/.vitepress/site.json`, the navigation and the page of each document.
 */
export function stagePages({ root, site, repository }) {
  const generated = globSync('reference/**/*.md', { cwd: site });
  const documents = [
    ...globSync(['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'test/contract/matrix.md'], { cwd: root }),
    ...globSync(['docs/**/*.md', 'deploy/**/*.md', 'libs/auth/README.md', 'tools/sandbox/README.md'], {
      cwd: root,
    }),
    ...globSync('examples/**/README.md', { cwd: root, exclude: ['**/node_modules'] }),
  ].map((path) => path.replaceAll('\\', '/'));
  const pages = Object.fromEntries(documents.map((path) => [path, pageOf(path)]));
  for (const [path, page] of Object.entries(pages))
    put(join(site, page), readFileSync(join(root, path), 'utf8'));
  for (const picture of globSync('docs/**/*.{png,svg}', { cwd: root }))
    cpSync(join(root, picture), join(site, picture));
  cpSync(join(root, 'docs', 'schema'), join(site, 'public', 'docs', 'schema'), { recursive: true });
  const navigation = navigationOf(site, [...documents, ...generated], pages);
  for (const part of navigation) put(join(site, `${part.path}.md`), overview(part));
  writeFileSync(
    join(site, '.vitepress', 'site.json'),
    JSON.stringify({ root, repository, pages, navigation }),
  );
}

function put(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

function navigationOf(site, documents, pages) {
  const left = new Set(documents.filter((path) => path !== 'README.md'));
  return parts.map((part) => {
    const items = part.patterns.flatMap((pattern) => {
      const matching = [...left].filter((path) => matchesGlob(path, pattern)).toSorted();
      for (const path of matching) left.delete(path);
      return matching.map((path) => {
        const page = pages[path] ?? path;
        const text = readFileSync(join(site, page), 'utf8');
        return {
          text: titleOf(text, path),
          link: `/${page.replace(/(index)?\.md$/, '')}`,
          lead: leadOf(text),
        };
      });
    });
    return { ...part, items };
  });
}

const overview = ({ title, about, items }) =>
  [
    `# ${title}`,
    about,
    ...items.map(({ text, link, lead }) => `- [${text}](${link})${lead ? `: ${lead}` : ''}`),
  ].join('\n\n') + '\n';

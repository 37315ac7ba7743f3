import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import footnotes from 'markdown-it-footnote';
import { linksOfRepository } from './links.mjs';
import { drawSequence } from './sequence.mjs';

const site = JSON.parse(readFileSync(join(import.meta.dirname, 'site.json'), 'utf8'));
const { navigation } = site;

/** GitHub's rule for the address of a heading, which the documents use in their links. */
const slugify = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

/**
 * Returns a word as the search keeps it; null for the words of a question that say nothing about its subject. VitePress carries
 * this function and the next three into the browser as text, so they use nothing from outside.
 */
function searchTerm(word) {
  const fillers =
    'a an and are can do does for from happen happens how i if in is it mean means my of on or should the there this to what when which why with'.split(
      ' ',
    );
  const lower = word.toLowerCase();
  return fillers.includes(lower) ? null : lower;
}

/** Short words and numbers are searched as they are: with a letter changed, 503 would find 403. */
const fuzzy = (term) => (term.length > 4 ? 0.2 : false);

/**
 * Returns the words of a text, and names such as DATABASE_URL in parts and whole. A whole name begins with "_", so that its first
 * word does not find it.
 */
function tokenize(text) {
  const names = text.match(/\w+_\w+/g) ?? [];
  return [...text.split(/[\n\r\p{Z}\p{P}]+/u), ...names.map((name) => `_${name}`)];
}

/**
 * Returns how much a page counts: an overview more than a manual, a manual more than the API reference, and the settings most if
 * the term is a name such as DATABASE_URL.
 */
function boostDocument(id, term) {
  if (/^\/(choose|guard|run|test|gateway|contribute)\.html/.test(id)) return 2;
  if (id.startsWith('/reference/settings.html')) return term.includes('_') ? 8 : 1;
  return id.startsWith('/reference/api/') ? 0.2 : 1;
}

/** Two braces are text in our documents, and an expression to Vue. */
function bracesAsText(md) {
  for (const rule of ['text', 'code_inline']) {
    const render = md.renderer.rules[rule];
    md.renderer.rules[rule] = (...args) => render(...args).replaceAll('{{', '&#123;&#123;');
  }
}

/** A drawing may be wider than the page, so its frame scrolls, by the keyboard too. */
function drawings(md) {
  const { fence } = md.renderer.rules;
  md.renderer.rules.fence = (tokens, index, ...rest) => {
    if (tokens[index].info.trim() !== 'mermaid') return fence(tokens, index, ...rest);
    const drawing = drawSequence(tokens[index].content);
    return `<figure class="sequence" tabindex="0">${drawing}</figure>\n`;
  };
}

export default {
  title: 'Gatehouse',
  description: 'One HTTP API guarded in every way FusionAuth allows',
  lang: 'en',
  metaChunk: true,
  markdown: {
    anchor: { slugify },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    config: (md) => {
      md.use(footnotes);
      md.use(linksOfRepository(site));
      md.use(bracesAsText);
      md.use(drawings);
    },
  },
  themeConfig: {
    nav: navigation.map(({ short, path }) => ({ text: short, link: `/${path}` })),
    sidebar: navigation.map(({ title, path, items }) => ({
      text: title,
      link: `/${path}`,
      collapsed: true,
      items: items.map(({ text, link }) => ({ text, link })),
    })),
    outline: [2, 3],
    search: {
      provider: 'local',
      options: {
        miniSearch: {
          options: { processTerm: searchTerm, tokenize },
          searchOptions: { fuzzy, prefix: true, boost: { title: 4, text: 2, titles: 1 }, boostDocument },
        },
      },
    },
  },
};

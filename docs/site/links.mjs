import { existsSync } from 'node:fs';
import { posix } from 'node:path';

/**
 * Returns a plug-in for markdown-it that turns relative links of the repository into links of the site. A link to a file
 * without a page leads to the repository or, where its address is unknown, becomes plain text. Throws for a file that does not exist.
 */
export function linksOfRepository({ root, repository, pages }) {
  const bySource = new Map(Object.entries(pages));
  const sources = new Map(Object.entries(pages).map(([source, page]) => [page, source]));

  /** Where a link leads in the site; undefined for a file without a page. */
  function resolve(source, href) {
    const [path, anchor] = href.split('#');
    const file = posix.normalize(posix.join(posix.dirname(source), path)).replace(/\/$/, '');
    const page = bySource.get(file) ?? bySource.get(posix.join(file, 'README.md'));
    const hash = anchor === undefined ? '' : `#${anchor}`;
    if (page) return `/${page}${hash}`;
    if (/^docs\/schema\/.*\.json$/.test(file)) return `/${file}`;
    if (file === 'docs/schema') return '/reference/settings.md';
    if (!existsSync(posix.join(root, file))) throw new Error(`${source}: the link ${href} leads nowhere`);
    return repository && `${repository}/${file}${hash}`;
  }

  function rewrite(source, tokens) {
    for (const [index, token] of tokens.entries()) {
      const href = token.type === 'link_open' ? token.attrGet('href') : null;
      if (href === null || /^(#|\/|[a-z]+:)/.test(href)) continue;
      const target = resolve(source, href);
      if (target) token.attrSet('href', target);
      else
        for (const end of [token, closing(tokens, index)]) Object.assign(end, { type: 'text', content: '' });
    }
  }

  return (md) =>
    md.core.ruler.push('links-of-repository', ({ tokens, env }) => {
      const source = sources.get(env.relativePath);
      if (source === undefined) return;
      for (const { children } of tokens) if (children) rewrite(source, children);
    });
}

const closing = (tokens, from) => tokens.find(({ type }, index) => index > from && type === 'link_close');

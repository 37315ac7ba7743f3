const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const unescaped = (text: string) =>
  text.replace(/&([^;]+);/g, (whole, name: string) => entities[name] ?? whole);

/** Returns the hidden fields of the forms of a page. */
export function readHiddenFields(page: string): URLSearchParams {
  const attribute = (tag: string, name: string) =>
    unescaped(new RegExp(`\\b${name}="([^"]*)"`).exec(tag)?.[1] ?? '');
  const tags = [...page.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
  const hidden = tags.filter((tag) => attribute(tag, 'type') === 'hidden');
  return new URLSearchParams(
    hidden.map((tag): [string, string] => [attribute(tag, 'name'), attribute(tag, 'value')]),
  );
}

/** Returns the text of a page without its tags, on one line. */
export const htmlText = (page: string): string =>
  unescaped(page.replace(/<[^>]+>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim();

import { type Digest, inWords } from './digest.js';
import type { LinksOf } from './todo-links.js';

export interface Framed {
  /** The URL with which the recipient unsubscribes. */
  readonly unsubscribeUrl: string;
  /** Undefined where people have no page of their todos. */
  readonly linksOf?: LinksOf | undefined;
}

/** Returns the digest as plain text, in lines that suit a terminal and a screen reader. */
export function digestText(digest: Digest, { unsubscribeUrl, linksOf }: Framed): string {
  const { heading, date, sections, more } = digest;
  const block = (line: Digest['sections'][number]['lines'][number]) => {
    const { todo, done } = linksOf?.(line.id) ?? {};
    const links = todo === undefined ? [] : [`  ${todo}`, `  Done? ${done}`];
    return [`* ${line.title}`, `  ${inWords(line)}`, ...links].join('\n');
  };
  const blocks = sections.map(({ name, lines }) => [name.toUpperCase(), '', ...lines.map(block)].join('\n'));
  const closing = [
    '-- ',
    'You get this mail because these todos are yours and still open.',
    'Nobody reads replies to it.',
    `No more of these mails: ${unsubscribeUrl}`,
  ];
  const paragraphs = [`${heading}\n${date}`, ...blocks, ...(more > 0 ? [`… and ${more} more`] : [])];
  return `${[...paragraphs, closing.join('\n')].join('\n\n')}\n`;
}

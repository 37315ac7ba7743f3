import { type Digest, inWords } from './digest.js';

export interface Framed {
  /** Where the recipient unsubscribes. */
  readonly unsubscribeUrl: string;
}

/** The digest as plain text, in lines that a terminal and a screen reader take well. */
export function digestText({ heading, date, sections, more }: Digest, { unsubscribeUrl }: Framed): string {
  const blocks = sections.map(({ name, lines }) =>
    [name.toUpperCase(), '', ...lines.map((line) => `* ${line.title}\n  ${inWords(line)}`)].join('\n'),
  );
  const closing = [
    '-- ',
    'You get this mail because these todos are yours and still open.',
    'Nobody reads replies to it.',
    `No more of these mails: ${unsubscribeUrl}`,
  ];
  const paragraphs = [`${heading}\n${date}`, ...blocks, ...(more > 0 ? [`… and ${more} more`] : [])];
  return `${[...paragraphs, closing.join('\n')].join('\n\n')}\n`;
}

/** Text that is already HTML. */
export class Html {
  constructor(readonly text: string) {}
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => escapes[character] ?? '');

type Piece = string | Html | readonly Html[];

const render = (piece: Piece): string => {
  if (piece instanceof Html) return piece.text;
  return typeof piece === 'string' ? escape(piece) : piece.map(({ text }) => text).join('');
};

/** A template in which every inserted string is escaped. */
export const html = (strings: TemplateStringsArray, ...pieces: Piece[]): Html =>
  new Html(strings.reduce((text, string, index) => text + render(pieces[index - 1] ?? '') + string));

import type { CaughtMail } from './caught-mail.js';

/** The places that can be named before a word, as in `to:ada`. */
const places: Readonly<Record<string, (mail: CaughtMail) => string>> = {
  to: ({ to }) => to.join('\n'),
  subject: ({ subject }) => subject,
  text: ({ text, html = '' }) => text || html.replace(/<[^<>]*>/g, ' '),
};
const placed = /^(to|subject|text):(.+)$/;

/**
 * Returns the mails that contain every word of `query`: anywhere in sender, recipients, subject or text, or in the
 * place named by `to:`, `subject:` or `text:`. Letters match in either case.
 */
export function search(mails: readonly CaughtMail[], query: string): readonly CaughtMail[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return mails;
  return mails.filter((mail) => {
    const found = Object.entries(places).map(([name, read]) => [name, read(mail).toLowerCase()] as const);
    const byPlace = new Map(found);
    const everywhere = [mail.from.toLowerCase(), ...byPlace.values()].join('\n');
    return words.every((word) => {
      const [, place = '', sought = ''] = placed.exec(word) ?? [];
      return place ? byPlace.get(place)?.includes(sought) : everywhere.includes(word);
    });
  });
}

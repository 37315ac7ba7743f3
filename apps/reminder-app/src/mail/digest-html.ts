import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';
import type { Digest } from './digest.js';
import type { Framed } from './digest-text.js';

const eta = new Eta({ autoEscape: true });
const template = eta.compile(readFileSync(join(import.meta.dirname, 'digest.eta'), 'utf8'));

const noLinks = () => undefined;

/** Returns the digest as one self-contained page. Every text is escaped. `from`: the name of the sender. */
export function digestHtml(digest: Digest, frame: Framed & { readonly from: string }): string {
  const titles = digest.sections.flatMap(({ lines }) => lines.map(({ title }) => title));
  // The text that mail programs show next to the subject.
  const preview = titles.slice(0, 5).join(' · ');
  return template.call(eta, { ...digest, ...frame, preview, linksOf: frame.linksOf ?? noLinks });
}

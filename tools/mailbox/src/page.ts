import { join } from 'node:path';
import { Eta } from 'eta';
import { type CaughtMail, previewOf } from './caught-mail.js';
import { formToken } from './clearing.js';

/** The folder of the templates and of the page's other files. */
export const browserFiles = join(import.meta.dirname, 'browser');

// Every interpolation is escaped, unless it is written with a tilde.
const eta = new Eta({ views: browserFiles, cache: true });

/** The maximum bytes of source within the page; the rest is behind the link. */
const sourceShown = 200_000;

const views = { html: 'HTML', text: 'Text', source: 'Source' };

/** The facts about the mailbox that the page shows. */
export interface About {
  readonly smtpUrl: string;
  readonly hint?: string | undefined;
}

export interface PageState {
  /** The results of the search, newest first; all mails without one. */
  readonly mails: readonly CaughtMail[];
  /** The total number of mails. */
  readonly total: number;
  readonly query: string;
  /** The mail in the reading pane. */
  readonly open: CaughtMail | undefined;
  /** The id in the address; without one the newest mail is shown where the screen is wide enough. */
  readonly asked?: string | undefined;
  /** `html`, `text` or `source`; any other value shows the first view that the mail has. */
  readonly view: string | null;
  readonly about: About;
}

/** Renders the question whether to delete all mails; the form names the newest one that the person could see. */
export function clearPage(mails: readonly CaughtMail[], about: About): string {
  const through = Math.max(0, ...mails.map(({ id }) => Number(id)));
  return eta.render('page', { total: mails.length, about, clearing: { through, formToken } });
}

/** Returns an address with the parameters that have a value. */
function linkTo(path: string, parameters: Readonly<Record<string, string>>): string {
  const search = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== ''));
  return search.size > 0 ? `${path}?${search.toString()}` : path;
}

/** Renders the list of mails and the open one as HTML. */
export function mailboxPage(state: PageState): string {
  const { open, query } = state;
  const offered = Object.entries(views).filter(([name]) => name !== 'html' || open?.html);
  const [view] = offered.find(([name]) => name === state.view) ?? offered[0] ?? [];
  return eta.render('page', {
    ...state,
    previewOf,
    linkTo: (path: string, parameters: Record<string, string> = {}) =>
      linkTo(path, { q: query, ...parameters }),
    offered,
    view,
    source: view === 'source' ? open?.raw.toString('utf8', 0, sourceShown) : '',
    // Every second part is a link.
    textParts: open?.text.split(/(https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)\]])/),
  });
}

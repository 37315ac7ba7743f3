import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Eta } from 'eta';

/** The text of the page and, if it has one, the action of its only button. */
interface Content {
  readonly title: string;
  readonly text: string;
  readonly button?: { readonly label: string; readonly action: 'unsubscribe' | 'resubscribe' };
}

const eta = new Eta({ autoEscape: true });
const template = eta.compile(readFileSync(join(import.meta.dirname, 'unsubscribe-page.eta'), 'utf8'));
const render = (content: Content): string => template.call(eta, content);

/** Each page is whole in itself: no script, nothing fetched. */
export const pages = {
  ask: (recipient: string) =>
    render({
      title: 'No more reminders?',
      text: `${recipient} gets a mail when todos fall due. Nothing is changed before you press the button.`,
      button: { label: 'Unsubscribe', action: 'unsubscribe' },
    }),
  unsubscribed: (recipient: string) =>
    render({
      title: 'You get no more reminders',
      text: `From now on nothing is mailed to ${recipient}. If that was a mistake, undo it:`,
      button: { label: 'Send me reminders again', action: 'resubscribe' },
    }),
  resubscribed: (recipient: string) =>
    render({
      title: 'Reminders are on again',
      text: `${recipient} gets a mail when todos fall due. Each has a link like the one that led you here.`,
    }),
  root: () =>
    render({
      title: 'Reminders',
      text: 'The links at the end of each mail lead here, to one page for each person. There is nothing else to see.',
    }),
  unknown: () =>
    render({
      title: 'This link is not complete',
      text: 'It may have been cut in two. Take it from the end of a reminder once more, whole.',
    }),
  unavailable: () =>
    render({
      title: 'That did not work just now',
      text: 'Nothing has been changed. Please try again in a minute.',
    }),
};

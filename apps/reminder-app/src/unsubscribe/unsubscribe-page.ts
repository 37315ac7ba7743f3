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

/** The pages. Each is self-contained: no script, nothing loaded. */
export const pages = {
  ask: (recipient: string) =>
    render({
      title: 'No more reminders?',
      text: `${recipient} gets a mail when todos are due. Nothing changes until you press the button.`,
      button: { label: 'Unsubscribe', action: 'unsubscribe' },
    }),
  unsubscribed: (recipient: string) =>
    render({
      title: 'You get no more reminders',
      text: `No more reminders will be sent to ${recipient}. If that was a mistake, undo it:`,
      button: { label: 'Send me reminders again', action: 'resubscribe' },
    }),
  resubscribed: (recipient: string) =>
    render({
      title: 'Reminders are on again',
      text: `${recipient} gets a mail when todos are due. Each mail has a link like the one that led you here.`,
    }),
  root: () =>
    render({
      title: 'Reminders',
      text: 'The links at the end of each mail lead here, to one page for each person. There is nothing else here.',
    }),
  unknown: () =>
    render({
      title: 'This link is not complete',
      text: 'It may have been cut off. Copy the whole link from the end of a reminder again.',
    }),
  unavailable: () =>
    render({
      title: 'That did not work just now',
      text: 'Nothing has changed. Please try again in a minute.',
    }),
};

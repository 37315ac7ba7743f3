import { localTime } from './local-time.js';

/** A digest as it was planned. Instants are milliseconds since the epoch. */
export interface PlannedMail {
  readonly messageId: string;
  readonly recipient: string;
  readonly timeZone: string;
  readonly plannedAt: number;
  /** Soonest first. */
  readonly todos: readonly { readonly title: string; readonly dueAt: number }[];
}

/** What the person reads, whatever the form. */
export interface Digest {
  readonly subject: string;
  readonly intro: string;
  readonly lines: readonly { readonly title: string; readonly due: string; readonly late: boolean }[];
  /** How many todos the lines leave out. */
  readonly more: number;
  readonly closing: string;
}

const most = 100;

/** Depends on the plan alone: times are told as of `plannedAt`, so every attempt says the same. */
export function digestOf(mail: PlannedMail): Digest {
  const count = mail.todos.length;
  const lines = mail.todos.slice(0, most).map(({ title, dueAt }) => {
    const late = dueAt < mail.plannedAt;
    const when = localTime(dueAt, mail.plannedAt, mail.timeZone);
    return { title: oneLine(title), due: `${late ? 'was due' : 'due'} ${when}`, late };
  });
  const first = lines[0] ?? { title: '', due: '' };
  return {
    subject: count === 1 ? `${capital(first.due)}: ${first.title}` : `${count} todos, the first ${first.due}`,
    intro: count === 1 ? 'One of your todos is due.' : `${count} of your todos are due.`,
    lines,
    more: count - lines.length,
    closing: 'You get this mail because these todos are yours and still open. Nobody reads replies to it.',
  };
}

export function digestText({ intro, lines, more, closing }: Digest): string {
  const todos = lines.map(({ title, due }) => `* ${title}\n  ${due}`);
  const paragraphs = [intro, ...todos, ...(more > 0 ? [`and ${more} more`] : []), `-- \n${closing}`];
  return `${paragraphs.join('\n\n')}\n`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Titles come from a stranger's API: a line break in one must not become a header line (RFC 5322 section 2.2). */
const oneLine = (title: string): string => title.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();

import { localTime } from './local-time.js';

/** A digest as it was planned. Instants are milliseconds since the epoch. */
export interface PlannedMail {
  readonly id: number;
  readonly messageId: string;
  readonly recipient: string;
  readonly timeZone: string;
  readonly plannedAt: number;
  /** Soonest first; only the first of many. */
  readonly todos: readonly PlannedTodo[];
  /** The number of todos in the digest. */
  readonly total: number;
}

interface PlannedTodo {
  readonly id: string;
  readonly title: string;
  readonly dueAt: number;
}

/** The contents of a mail, for both text and HTML. */
export interface Digest {
  readonly subject: string;
  /** The first line of the mail: "2 todos are due today". */
  readonly heading: string;
  /** The date of writing, in the person's time zone. */
  readonly date: string;
  /** The number of todos in each section, if that says more than the heading. */
  readonly counts: readonly Pick<Section, 'name' | 'total'>[];
  readonly sections: readonly Section[];
  /** The number of todos that the sections omit. */
  readonly more: number;
}

interface Section {
  readonly name: 'Overdue' | 'Today' | 'Tomorrow' | 'Later';
  /** The first of its todos. */
  readonly lines: readonly Line[];
  readonly total: number;
}

interface Line {
  readonly id: string;
  readonly title: string;
  /** "yesterday", "Friday 27 November"; undefined if the section implies it. */
  readonly day: string | undefined;
  /** "18:30" in the person's time zone, and the name of that zone: "GMT+9". */
  readonly time: string;
  readonly zone: string;
  readonly dueAt: number;
}

/** The most lines of a digest, over all its sections. */
const maxLines = 20;

/** Returns the digest as it reads at `now`, which decides what is overdue and what "today" means. */
export function digestOf(mail: Pick<PlannedMail, 'todos' | 'total' | 'timeZone'>, now: number): Digest {
  const lines = mail.todos.map((todo) => lineOf(todo, now, mail.timeZone));
  const shown = new Set<Line>(lines.slice(0, maxLines));
  const all = sectionsOf(lines);
  const counts = countsOf(all, mail.total);
  return {
    counts,
    subject: subjectOf(all, counts, mail.total),
    heading: headingOf(all, mail.total),
    date: localTime(now, now, mail.timeZone).date,
    sections: all
      .map((section) => ({ ...section, lines: section.lines.filter((line) => shown.has(line)) }))
      .filter((section) => section.lines.length > 0),
    more: mail.total - shown.size,
  };
}

/** Returns "18:30 GMT" or "yesterday, 18:30 GMT". */
export const inWords = ({ day, time, zone }: Line): string =>
  `${day === undefined ? '' : `${day}, `}${time} ${zone}`;

type PlacedLine = Line & { readonly section: Section['name'] };

const sectionsOf = (lines: readonly PlacedLine[]): Section[] =>
  (['Overdue', 'Today', 'Tomorrow', 'Later'] as const)
    .map((name) => ({ name, lines: lines.filter(({ section }) => section === name) }))
    .map((section) => ({ ...section, total: section.lines.length }))
    .filter(({ total }) => total > 0);

function lineOf({ id, title, dueAt }: PlannedTodo, now: number, timeZone: string): PlacedLine {
  const { day, date, time, zone } = localTime(dueAt, now, timeZone);
  const section = sectionOf(dueAt < now, day);
  const isNamed = section === 'Today' || section === 'Tomorrow';
  const named = day === 'today' || day === 'yesterday' ? day : date;
  return { id, title: oneLine(title), day: isNamed ? undefined : named, time, zone, dueAt, section };
}

function sectionOf(isOverdue: boolean, day: string): Section['name'] {
  if (isOverdue) return 'Overdue';
  if (day === 'today') return 'Today';
  return day === 'tomorrow' ? 'Tomorrow' : 'Later';
}

/** Empty if one section has all todos, or if not all were read. */
function countsOf(sections: readonly Section[], total: number): Digest['counts'] {
  const counted = sections.reduce((sum, section) => sum + section.total, 0);
  return counted < total || sections.length < 2 ? [] : sections.map(({ name, total }) => ({ name, total }));
}

/** Returns the subject. It names a single todo; of several it gives the number and the urgency. */
function subjectOf(sections: readonly Section[], counts: Digest['counts'], total: number): string {
  const [first] = sections;
  const line = first?.lines[0];
  if (!first || !line) return '';
  if (counts.length > 0)
    return `${total} todos: ${counts.map((count) => `${count.total} ${count.name.toLowerCase()}`).join(', ')}`;
  if (total > 1) return headingOf(sections, total);
  const when = inWords(line);
  const urgency = {
    Overdue: 'Overdue',
    Today: `Due today, ${when}`,
    Tomorrow: `Due tomorrow, ${when}`,
    Later: `Due ${when}`,
  };
  return `${urgency[first.name]}: ${line.title}`;
}

function headingOf(sections: readonly Section[], total: number): string {
  const [only, other] = sections;
  const todos = total === 1 ? 'One todo is' : `${total} todos are`;
  if (!only || other) return `${todos} due`;
  if (only.name === 'Later') return `${todos} due soon`;
  return `${todos} ${only.name === 'Overdue' ? 'overdue' : `due ${only.name.toLowerCase()}`}`;
}

/**
 * Puts a title on one line. Titles come from a foreign API: a line break in one must not start a header line (RFC
 * 5322 section 2.2), and none may reverse the direction of the text around it.
 */
const oneLine = (title: string): string =>
  title
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim();

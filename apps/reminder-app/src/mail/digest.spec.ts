import { digestOf } from './digest.js';
import { digestText } from './digest-text.js';

const hour = 3_600_000;
const now = Date.parse('2026-11-25T10:00:00Z');

const due = (title: string, hours: number) => ({ id: title, title, dueAt: now + hours * hour });
const digest = (todos: ReturnType<typeof due>[], total = todos.length) =>
  digestOf({ todos, total, timeZone: 'Europe/London' }, now);

describe('the digest', () => {
  it("groups todos into overdue, today, tomorrow and later, by the person's calendar", () => {
    const { sections } = digest([
      due('last week', -170),
      due('yesterday', -20),
      due('this morning', -2),
      due('tonight', 13.9),
      due('first thing', 14),
      due('next week', 100),
    ]);

    expect(sections.map(({ name, lines }) => [name, lines.map(({ day, time }) => [day, time])])).toEqual([
      [
        'Overdue',
        [
          ['Wednesday 18 November', '08:00'],
          ['yesterday', '14:00'],
          ['today', '08:00'],
        ],
      ],
      ['Today', [[undefined, '23:54']]],
      ['Tomorrow', [[undefined, '00:00']]],
      ['Later', [['Sunday 29 November', '14:00']]],
    ]);
  });

  it.each([
    [[due('Pay the rent', -1)], 'Overdue: Pay the rent', 'One todo is overdue'],
    [[due('Pay the rent', 8.5)], 'Due today, 18:30 GMT: Pay the rent', 'One todo is due today'],
    [[due('Pay the rent', 23)], 'Due tomorrow, 09:00 GMT: Pay the rent', 'One todo is due tomorrow'],
    [[due('Pay the rent', 50)], 'Due Friday 27 November, 12:00 GMT: Pay the rent', 'One todo is due soon'],
    [[due('a', 1), due('b', 2)], '2 todos are due today', '2 todos are due today'],
    [
      [due('a', -1), due('b', 2), due('c', 3), due('d', 20)],
      '4 todos: 1 overdue, 2 today, 1 tomorrow',
      '4 todos are due',
    ],
  ])('begins with what is due and how urgent it is: %#', (todos, subject, heading) => {
    expect(digest(todos)).toMatchObject({ subject, heading });
  });

  it('names the first twenty and counts the others', () => {
    const many = digest(Array.from({ length: 32 }, (_, index) => due(`todo ${String(index)}`, -1 + index)));

    expect(many.subject).toBe('32 todos: 1 overdue, 14 today, 17 tomorrow');
    expect(many.sections.flatMap(({ lines }) => lines)).toHaveLength(20);
    expect(many.more).toBe(12);
    expect(digestText(many, { unsubscribeUrl: 'https://example.com/u' })).toContain('\n\n… and 12 more\n\n');
  });

  it('omits the numbers of sections if it has not read all todos', () => {
    const many = digest([due('a', -1), due('b', 20)], 500);

    expect(many).toMatchObject({ subject: '500 todos are due', counts: [], more: 498 });
  });

  it('is readable as plain text', () => {
    const text = digestText(
      digest([due('Renew the passport', -16), due('Call the bank', 4), due('Buy oat milk', 9)]),
      {
        unsubscribeUrl: 'https://reminders.example.com/unsubscribe/x',
      },
    );

    expect(text).toBe(`3 todos are due
Wednesday 25 November

OVERDUE

* Renew the passport
  yesterday, 18:00 GMT

TODAY

* Call the bank
  14:00 GMT
* Buy oat milk
  19:00 GMT

-- 
You get this mail because these todos are yours and still open.
Nobody reads replies to it.
No more of these mails: https://reminders.example.com/unsubscribe/x
`);
  });

  it.each([
    ['a line break', 'Water\r\nBcc: eve@example.com', 'Water Bcc: eve@example.com'],
    ['a Unicode line separator', 'Water\u2028Bcc: x', 'Water Bcc: x'],
    ['a turn to the other direction', 'Water \u202eevil\u202c \u2067plants\u2069', 'Water evil plants'],
  ])('removes %s from a title', (_what, title, expected) => {
    expect(digest([due(title, 1)]).sections[0]?.lines[0]?.title).toBe(expected);
  });

  it('preserves joined emoji', () => {
    expect(digest([due('👩‍👩‍👧', 1)]).sections[0]?.lines[0]?.title).toBe('👩‍👩‍👧');
  });
});

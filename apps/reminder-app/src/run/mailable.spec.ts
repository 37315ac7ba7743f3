import type { DueTodo } from '../todos/todo-client.js';
import { sortByAddress } from './mailable.js';

const of = (email: string | null): DueTodo => ({
  id: '00000000-0000-4000-8000-000000000001',
  title: 'Water the plants',
  dueAt: '2026-11-22T10:00:00.000Z',
  owner: { email, timeZone: null },
});

describe('todos', () => {
  it.each(['ada@example.com', 'ada+todo@example.com', "o'neill@example.com", 'jörg@bücher.example', 'a@b'])(
    'are mailed to %s',
    (email) => {
      expect(sortByAddress([of(email)])).toEqual({
        mailable: [of(email)],
        withoutAddress: 0,
        unusableAddress: 0,
      });
    },
  );

  it.each([
    ...[
      '"ada"@example.com',
      '"a b"@example.com',
      'ada@[127.0.0.1]',
      'a@example.com, b@example.com',
      'ada',
      '',
    ],
    ...['<ada@example.com>', 'ada@example.com\nBcc: eve@example.com', 'group:ada@example.com;', 'a@b@c'],
  ])('are not mailed to %j, which is counted as an unusable address', (email) => {
    expect(sortByAddress([of(email)])).toEqual({ mailable: [], withoutAddress: 0, unusableAddress: 1 });
  });

  it('without a due date are not mailed', () => {
    expect(sortByAddress([{ ...of('ada@example.com'), dueAt: null }]).mailable).toEqual([]);
  });

  it('of owners without a verified address are counted separately, over all pages', () => {
    const first = sortByAddress([of(null), of(null), of('ada'), of('ada@example.com')]);
    expect(first).toMatchObject({ withoutAddress: 2, unusableAddress: 1 });

    expect(sortByAddress([of(null), of('ada')], first)).toEqual({
      mailable: [],
      withoutAddress: 3,
      unusableAddress: 2,
    });
  });
});

import { messageIdOf } from './message-id.js';

const key = (todoId: string, dueAt = '2026-11-22T12:00:00Z', recipient = 'ada@example.com') => ({
  todoId,
  dueAt: new Date(dueAt),
  recipient,
});

describe('the Message-ID', () => {
  it('is the same for the same reminders in any order', () => {
    expect(messageIdOf([key('a'), key('b')], 'example.org')).toBe(
      messageIdOf([key('b'), key('a')], 'example.org'),
    );
  });

  it('is the same in every version, so that an update sends no digest again', () => {
    expect(messageIdOf([key('a'), key('b')], 'example.org')).toBe(
      '<12f7b5d9c1955b7633dc11a211178da66ab92794@example.org>',
    );
  });

  it('changes with a todo, a due date or the recipient', () => {
    const ids = [
      [key('a')],
      [key('b')],
      [key('a'), key('b')],
      [key('a', '2026-11-22T12:00:00.001Z')],
      [key('a', undefined, 'bruno@example.com')],
    ].map((keys) => messageIdOf(keys, 'example.org'));

    expect(new Set(ids).size).toBe(ids.length);
  });

  it('has the form of RFC 5322 section 3.6.4', () => {
    expect(messageIdOf([key('a')], 'example.org')).toMatch(/^<[0-9a-f]{40}@example\.org>$/);
  });
});

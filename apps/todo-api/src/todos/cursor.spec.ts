import { decodeCursor, encodeCursor } from './cursor.js';

const filter = [{ ownerId: 'o1' }, 'open', '2026-12-01T00:00:00.000Z', undefined, undefined];
const last = { dueAt: '2026-12-01T09:00:00.000Z', id: '01a20116-91a2-75be-ad2a-92ef93d57ed5' };
const cursor = encodeCursor(filter, last);

const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const parts = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [string, string, string];

describe('a cursor', () => {
  it('contains its position, dated or undated', () => {
    expect(decodeCursor(filter, cursor)).toEqual(last);
    expect(decodeCursor(filter, encodeCursor(filter, { ...last, dueAt: null }))).toEqual({
      ...last,
      dueAt: null,
    });
  });

  it.each([
    ['another owner', [{ ownerId: 'o2' }, ...filter.slice(1)]],
    ['everyone', ['everyone', ...filter.slice(1)]],
    ['another status', [filter[0], 'done', ...filter.slice(2)]],
    ['another window', [filter[0], 'open', '2026-12-02T00:00:00.000Z', undefined, undefined]],
    ['a list of ids', [...filter.slice(0, 4), ['x']]],
  ])('is not valid for the list of %s', (_whose, other) => {
    expect(decodeCursor(other, cursor)).toBeUndefined();
  });

  it.each([
    ['text', 'not-a-cursor'],
    ['nothing', ''],
    ['another type', encoded({})],
    ['a part too few', encoded(parts.slice(0, 2))],
    ['an id that is not one', encoded([parts[0], parts[1], "' or 1=1"])],
    ['an instant that is not one', encoded([parts[0], 'infinity', parts[2]])],
    ['a year that PostgreSQL does not have', encoded([parts[0], '0000-01-01T00:00:00Z', parts[2]])],
    ['another list', encoded(['x'.repeat(12), parts[1], parts[2]])],
  ])('is not read from %s', (_what, token) => {
    expect(decodeCursor(filter, token)).toBeUndefined();
  });
});

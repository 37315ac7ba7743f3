import { z } from 'zod';
import { invalidField } from './answer.js';
import { check, readBody } from './body.js';
import type { ApiRequest } from './instance.js';

const criteria = z.looseObject({
  numberOfResults: z.coerce.number().int().min(1).default(25),
  startRow: z.coerce.number().int().min(0).default(0),
  orderBy: z.string().optional(),
});
const requestBody = z.looseObject({ search: criteria.prefault({}) });

type Item = Readonly<Record<string, unknown>>;

/**
 * Returns one page of the results of a search, and their total. Criteria come as `{"search": {…}}`, or in the query of
 * a GET. Texts are compared without case and match a part of a longer text; with `*`, which matches anything, they must
 * match the whole.
 */
export function searchRecords<Found extends object>(
  request: ApiRequest,
  items: readonly Found[],
  searchBy: readonly string[],
): { page: Found[]; total: number } {
  const wanted = request.json === undefined ? fromQuery(request) : readBody(request, requestBody).search;
  const found = items.filter((item) => searchBy.every((name) => matches((item as Item)[name], wanted[name])));
  const { startRow, numberOfResults } = wanted;
  const sorted = wanted.orderBy === undefined ? found : sortRecords(found, orderOf(wanted.orderBy));
  return { page: sorted.slice(startRow, startRow + numberOfResults), total: found.length };
}

const fromQuery = ({ query }: ApiRequest) => check(criteria, Object.fromEntries(query));

/** Returns whether a value meets a criterion; undefined criteria are met by all. */
export function matches(value: unknown, wanted: unknown): boolean {
  if (wanted === undefined || wanted === null || wanted === '') return true;
  const text = asText(wanted).toLowerCase();
  if (typeof value !== 'string') return asText(value) === text;
  const inLowerCase = value.toLowerCase();
  return text.includes('*') ? fits(inLowerCase, text) : inLowerCase.includes(text);
}

/** Returns whether a text fits a pattern with asterisks. A regular expression could take forever. */
function fits(text: string, pattern: string): boolean {
  const [start = '', ...parts] = pattern.split('*');
  const end = parts.pop() ?? '';
  const endAt = text.length - end.length;
  if (!text.startsWith(start) || !text.endsWith(end) || start.length > endAt) return false;
  let position = start.length;
  for (const part of parts) {
    const found = text.indexOf(part, position);
    if (found === -1 || found + part.length > endAt) return false;
    position = found + part.length;
  }
  return true;
}

interface Order {
  readonly name: string;
  /** 1 is ascending, -1 descending. */
  readonly sign: number;
}

/**
 * Parses `name`, `name DESC` or several of these separated by commas. Throws 400 for a direction other than ASC or
 * DESC.
 */
function orderOf(orderBy: string): Order[] {
  return orderBy.split(',').map((part) => {
    const [name = '', way = 'ASC', ...rest] = part.trim().split(/\s+/);
    if (rest.length > 0 || !/^(asc|desc)$/i.test(way))
      throw invalidField('search.orderBy', 'invalid', 'Order by a field, optionally with ASC or DESC.');
    return { name, sign: /^asc$/i.test(way) ? 1 : -1 };
  });
}

export function sortRecords<Found extends object>(items: readonly Found[], by: readonly Order[]): Found[] {
  return [...items].sort((left, right) => {
    for (const { name, sign } of by) {
      const order = compared((left as Item)[name], (right as Item)[name]);
      if (order !== 0) return order * sign;
    }
    return 0;
  });
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined ? '' : JSON.stringify(value);

const compared = (left: unknown, right: unknown): number =>
  typeof left === 'number' && typeof right === 'number'
    ? left - right
    : asText(left).localeCompare(asText(right));

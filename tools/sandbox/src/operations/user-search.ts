import { z } from 'zod';
import { namedTenant } from '../access/tenant.js';
import { type Answer, invalidRequest, notImplemented, ok } from '../answer.js';
import { check, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { matches, sortRecords } from '../search.js';

const criteria = z.looseObject({
  ids: z.array(z.guid().toLowerCase()).optional(),
  numberOfResults: z.coerce.number().int().min(1).default(25),
  startRow: z.coerce.number().int().min(0).default(0),
  sortFields: z
    .array(z.looseObject({ name: z.string(), order: z.enum(['asc', 'desc']).default('asc') }))
    .default([]),
});
const requestBody = z.looseObject({ search: criteria });

type Fields = Readonly<Record<string, unknown>>;
/** A search term: one field compared with a text, or all searched fields where none is named. */
const term = /^(?:(?<name>[\w.]+):)?(?<text>[^\s:"()[\]{}~^?\\/+!-][^\s:"()[\]{}~^?\\/]*)$/;

/** `GET /api/user/search?ids=` and `POST /api/user/search`: by ids, or by one term of a `queryString`. */
export function searchUsers(request: ApiRequest, instance: Instance): Answer {
  const tenantId = namedTenant(request, instance);
  const users = [...instance.state.users.values()].filter(
    (one) => (tenantId ?? one.tenantId) === one.tenantId,
  );
  const fields = ['email', 'firstName', 'fullName', 'lastName', 'username'];
  const { page, total } = findByQuery(
    request,
    users.map(({ user }) => user),
    fields,
  );
  return ok({ users: page, total });
}

/**
 * Returns the results of a search by ids or by `queryString`. Throws 501 for a query in the language of the search
 * engine.
 */
export function findByQuery<Found extends { id?: string }>(
  request: ApiRequest,
  items: readonly Found[],
  fields: readonly string[],
): { page: Found[]; total: number } {
  const { ids, numberOfResults, startRow, sortFields, ...wanted } = criteriaOf(request);
  if (wanted['query'] !== undefined) throw notImplemented('a search by query; use queryString or ids');
  const queryString = wanted['queryString'];
  if (ids === undefined && typeof queryString !== 'string')
    throw invalidRequest('blank', 'Search by ids or by queryString.');

  const all = ids
    ? items.filter(({ id = '' }) => ids.includes(id))
    : items.filter((item) => meets(item as Fields, queryString as string, fields));
  const orderBy = sortFields.map(({ name, order }) => ({ name, sign: order === 'asc' ? 1 : -1 }));
  const page = ids ? all : sortRecords(all, orderBy).slice(startRow, startRow + numberOfResults);
  return { page, total: all.length };
}

function criteriaOf({ query, ...request }: ApiRequest): z.output<typeof criteria> {
  if (request.json !== undefined) return readBody({ query, ...request }, requestBody).search;
  const ids = query.has('ids') ? query.getAll('ids') : undefined;
  return check(criteria, { ...Object.fromEntries(query), ids });
}

function meets(item: Fields, queryString: string, fields: readonly string[]): boolean {
  if (queryString === '*' || queryString === '') return true;
  const { name, text } = term.exec(queryString.trim())?.groups ?? {};
  if (text === undefined) throw notImplemented('a queryString of more than one term');
  return (name === undefined ? fields : [name]).some((field) => matches(item[field], text));
}

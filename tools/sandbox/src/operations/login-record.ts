import { z } from 'zod';
import { namedTenant } from '../access/tenant.js';
import { type Answer, ok } from '../answer.js';
import { check, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { LoginRecordSearchBody } from '../wire.js';
import { operationsOn } from './operation.js';

const whole = z.coerce.number().int().min(0);

const search = z.looseObject({
  applicationId: z.guid().toLowerCase().optional(),
  userId: z.guid().toLowerCase().optional(),
  /** The bounds of the log-in's time in milliseconds, both inclusive. */
  start: whole.optional(),
  end: whole.optional(),
  numberOfResults: whole.default(25),
  startRow: whole.default(0),
});
const requestBody = z.looseObject({ search: search.prefault({}), retrieveTotal: z.boolean().default(false) });

/** `POST` and `GET /api/system/login-record/search`: newest first, with the total when `retrieveTotal` asks for it. */
function searchLoginRecords(request: ApiRequest, instance: Instance): Answer {
  const { search: wanted, retrieveTotal } =
    request.json === undefined ? fromQuery(request) : readBody(request, requestBody);
  const tenantId = namedTenant(request, instance);
  const { applicationId, userId, start = 0, end = Infinity } = wanted;
  const found = [...instance.state.loginRecords.values()].filter(
    (record) =>
      record.tenantId === (tenantId ?? record.tenantId) &&
      record.applicationId === (applicationId ?? record.applicationId) &&
      record.userId === (userId ?? record.userId) &&
      record.instant >= start &&
      record.instant <= end,
  );
  const { startRow, numberOfResults } = wanted;
  const page = found.toReversed().slice(startRow, startRow + numberOfResults);
  const logins = page.map(({ id: _id, tenantId: _tenantId, ...login }) => login);
  return ok({ logins, ...(retrieveTotal && { total: found.length }) } satisfies LoginRecordSearchBody);
}

const fromQuery = ({ query }: ApiRequest): z.output<typeof requestBody> => ({
  search: check(search, Object.fromEntries(query)),
  retrieveTotal: query.get('retrieveTotal') === 'true',
});

export const loginRecordOperations = operationsOn('/api/system/login-record', 'loginRecordId', 'api-key', {
  search: searchLoginRecords,
});

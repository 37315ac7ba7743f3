import { z } from 'zod';
import { type Answer, empty, ok } from '../answer.js';
import { readBody, readPatch } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import { byId, newId, requireRecord, withItem } from '../records.js';
import type { ApplicationRecord } from '../state/state.js';
import type { Scope, ScopeBody } from '../wire.js';
import { existingApplication } from './application.js';
import { operationsOn } from './operation.js';

const requestBody = z.looseObject({
  scope: z.looseObject({
    name: z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'is not a scope (RFC 6749 section 3.3)'),
    description: z.string().optional(),
    required: z.boolean().default(false),
  }),
});

/** `POST /api/application/{applicationId}/scope[/{scopeId}]`: a scope of the application's own. */
function createScope(request: ApiRequest, instance: Instance): Answer {
  const application = existingApplication(request, instance);
  const id = newId(request, 'scopeId', byId(application.scopes));
  return store(instance, application, { ...readBody(request, requestBody).scope, id });
}

/** `GET /api/application/{applicationId}/scope/{scopeId}`. */
function retrieveScope(request: ApiRequest, instance: Instance): Answer {
  const scope = existingScope(request, existingApplication(request, instance));
  return ok({ scope } satisfies ScopeBody);
}

/** `PUT /api/application/{applicationId}/scope/{scopeId}`. */
function updateScope(request: ApiRequest, instance: Instance): Answer {
  const application = existingApplication(request, instance);
  const { id, insertInstant } = existingScope(request, application);
  return store(instance, application, { ...readBody(request, requestBody).scope, id, insertInstant });
}

/** `PATCH /api/application/{applicationId}/scope/{scopeId}`. */
function patchScope(request: ApiRequest, instance: Instance): Answer {
  const application = existingApplication(request, instance);
  const existing = existingScope(request, application);
  const { scope } = readPatch(request, requestBody, 'scope', existing);
  return store(instance, application, { ...scope, id: existing.id });
}

/** `DELETE /api/application/{applicationId}/scope/{scopeId}`. */
function deleteScope(request: ApiRequest, instance: Instance): Answer {
  const application = existingApplication(request, instance);
  const { id } = existingScope(request, application);
  const scopes = application.scopes?.filter((scope) => scope.id !== id) ?? [];
  instance.state.applications.set(application.id, { ...application, scopes });
  return empty(200);
}

function store(instance: Instance, application: ApplicationRecord, wanted: Scope): Answer {
  const now = instance.now();
  const scope = {
    ...wanted,
    applicationId: application.id,
    insertInstant: wanted.insertInstant ?? now,
    lastUpdateInstant: now,
  };
  const scopes = withItem(application.scopes, scope, 'scope.name');
  instance.state.applications.set(application.id, { ...application, scopes });
  return ok({ scope } satisfies ScopeBody);
}

const existingScope = (request: ApiRequest, { scopes }: ApplicationRecord): Scope =>
  requireRecord(request, 'scopeId', byId(scopes));

export const scopeOperations = operationsOn('/api/application/:applicationId/scope', 'scopeId', 'api-key', {
  create: createScope,
  retrieveOne: retrieveScope,
  update: updateScope,
  patch: patchScope,
  remove: deleteScope,
});

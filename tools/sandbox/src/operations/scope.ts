import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { visible } from '../access/tenant.js';
import { type Answer, empty, invalidField, notFound, ok } from '../answer.js';
import { check, idParam, patched, readBody } from '../body.js';
import type { ApiRequest, Instance } from '../instance.js';
import type { ApplicationRecord } from '../state/state.js';
import type { Scope, ScopeBody } from '../wire.js';

const requestBody = z.looseObject({
  scope: z.looseObject({
    name: z.string().regex(/^[\x21\x23-\x5B\x5D-\x7E]+$/, 'is not a scope (RFC 6749 section 3.3)'),
    description: z.string().optional(),
    required: z.boolean().default(false),
  }),
});
const patchRequest = z.looseObject({ scope: z.looseObject({}) });

/** `POST /api/application/{applicationId}/scope[/{scopeId}]`: a scope of the application's own. */
export function createScope(request: ApiRequest, instance: Instance): Answer {
  const application = applicationOf(request, instance);
  const id = idParam(request, 'scopeId') ?? randomUUID();
  if (application.scopes?.some((scope) => scope.id === id))
    throw invalidField('scopeId', 'duplicate', 'This scope exists.');
  return store(instance, application, { ...readBody(request, requestBody).scope, id });
}

/** `GET /api/application/{applicationId}/scope/{scopeId}`. */
export function retrieveScope(request: ApiRequest, instance: Instance): Answer {
  const scope = existingScope(request, applicationOf(request, instance));
  return ok({ scope } satisfies ScopeBody);
}

/** `PUT /api/application/{applicationId}/scope/{scopeId}`. */
export function updateScope(request: ApiRequest, instance: Instance): Answer {
  const application = applicationOf(request, instance);
  const { id, insertInstant } = existingScope(request, application);
  return store(instance, application, { ...readBody(request, requestBody).scope, id, insertInstant });
}

/** `PATCH /api/application/{applicationId}/scope/{scopeId}`. */
export function patchScope(request: ApiRequest, instance: Instance): Answer {
  const application = applicationOf(request, instance);
  const existing = existingScope(request, application);
  const scope = patched(existing, readBody(request, patchRequest).scope, request);
  return store(instance, application, { ...check(requestBody, { scope }).scope, id: existing.id });
}

/** `DELETE /api/application/{applicationId}/scope/{scopeId}`. */
export function deleteScope(request: ApiRequest, instance: Instance): Answer {
  const application = applicationOf(request, instance);
  const { id } = existingScope(request, application);
  const scopes = application.scopes?.filter((scope) => scope.id !== id) ?? [];
  instance.state.applications.set(application.id, { ...application, scopes });
  return empty(200);
}

function store(instance: Instance, application: ApplicationRecord, wanted: Scope): Answer {
  const others = application.scopes?.filter(({ id }) => id !== wanted.id) ?? [];
  if (others.some(({ name }) => name === wanted.name))
    throw invalidField('scope.name', 'duplicate', 'The application has a scope of this name.');
  const now = instance.now();
  const scope = {
    ...wanted,
    applicationId: application.id,
    insertInstant: wanted.insertInstant ?? now,
    lastUpdateInstant: now,
  };
  instance.state.applications.set(application.id, { ...application, scopes: [...others, scope] });
  return ok({ scope } satisfies ScopeBody);
}

function applicationOf(request: ApiRequest, instance: Instance): ApplicationRecord {
  const id = idParam(request, 'applicationId') ?? '';
  return visible(request, instance, instance.state.applications.get(id));
}

function existingScope(request: ApiRequest, { scopes }: ApplicationRecord): Scope {
  const id = idParam(request, 'scopeId');
  const scope = scopes?.find((candidate) => candidate.id === id);
  if (!scope) throw notFound();
  return scope;
}
